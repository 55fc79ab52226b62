import { changeCount } from "./connection/change-count.ts";
import { customFunction } from "./connection/custom-function.ts";
import { directConnection } from "./connection/direct-connection.ts";
import { driverError } from "./connection/driver-error.ts";
import { fileCopy } from "./connection/file-copy.ts";
import { lastInsertId } from "./connection/last-insert-id.ts";
import { loadExtension } from "./connection/load-extension.ts";
import { pragmaCall } from "./connection/pragma-call.ts";
import { rowShape } from "./connection/row-shape.ts";
import { scriptCall } from "./connection/script-call.ts";
import { threadCheck } from "./connection/thread-check.ts";
import { transactionControl } from "./connection/transaction-control.ts";
import { valueConversion } from "./connection/value-conversion.ts";
import { currentTime } from "./date-time/current-time.ts";
import { dateLiteral } from "./date-time/date-literal.ts";
import { datetimeFunction } from "./date-time/datetime-function.ts";
import { addColumn } from "./ddl/add-column.ts";
import { createIndex } from "./ddl/create-index.ts";
import { createTrigger } from "./ddl/create-trigger.ts";
import { createView } from "./ddl/create-view.ts";
import { ddlInCode } from "./ddl/ddl-in-code.ts";
import { dropTrigger } from "./ddl/drop-trigger.ts";
import { aggregateFunction } from "./functions/aggregate-function.ts";
import { jsonFunction } from "./functions/json-function.ts";
import { mathFunction } from "./functions/math-function.ts";
import { sqliteFunction } from "./functions/sqlite-function.ts";
import { ignoreCommentMeta } from "./ignores/ignore-comment-meta.ts";
import { blobLiteral } from "./operators/blob-literal.ts";
import { booleanFlag } from "./operators/boolean-flag.ts";
import { castType } from "./operators/cast-type.ts";
import { collationOrder } from "./operators/collation-order.ts";
import { concatOperand } from "./operators/concat-operand.ts";
import { conditionValue } from "./operators/condition-value.ts";
import { doubleEquals } from "./operators/double-equals.ts";
import { globPattern } from "./operators/glob-pattern.ts";
import { integerCondition } from "./operators/integer-condition.ts";
import { integerWidth } from "./operators/integer-width.ts";
import { isValue } from "./operators/is-value.ts";
import { likeCase } from "./operators/like-case.ts";
import { mixedComparison } from "./operators/mixed-comparison.ts";
import { numberLiteral } from "./operators/number-literal.ts";
import { operatorGrouping } from "./operators/operator-grouping.ts";
import { textArithmetic } from "./operators/text-arithmetic.ts";
import { truthWord } from "./operators/truth-word.ts";
import { zeroDivisor } from "./operators/zero-divisor.ts";
import { placeholderStyle } from "./placeholders/placeholder-style.ts";
import { rejected } from "./proof/rejected.ts";
import { rowsDiffer } from "./proof/rows-differ.ts";
import { nameCase } from "./quoting/name-case.ts";
import { nameQuotes } from "./quoting/name-quotes.ts";
import { reservedName } from "./quoting/reserved-name.ts";
import { schemaPrefix } from "./quoting/schema-prefix.ts";
import { stringQuotes } from "./quoting/string-quotes.ts";
import { rowidColumn } from "./rowid/rowid-column.ts";
import type { RuleMeta, StatementRule, UseRule } from "./rule.ts";
import { bareColumn } from "./select/bare-column.ts";
import { clauseAlias } from "./select/clause-alias.ts";
import { compoundQuery } from "./select/compound-query.ts";
import { distinctOrder } from "./select/distinct-order.ts";
import { groupParameter } from "./select/group-parameter.ts";
import { inTable } from "./select/in-table.ts";
import { indexHint } from "./select/index-hint.ts";
import { joinForm } from "./select/join-form.ts";
import { limitForm } from "./select/limit-form.ts";
import { nullOrder } from "./select/null-order.ts";
import { orderConstant } from "./select/order-constant.ts";
import { recursiveWith } from "./select/recursive-with.ts";
import { scalarSubquery } from "./select/scalar-subquery.ts";
import { sourceAlias } from "./select/source-alias.ts";
import { usingStar } from "./select/using-star.ts";
import { matchQuery } from "./full-text/match-query.ts";
import { virtualTable } from "./full-text/virtual-table.ts";
import { attachDatabase } from "./statements/attach-database.ts";
import { explainPlan } from "./statements/explain-plan.ts";
import { maintenance } from "./statements/maintenance.ts";
import { pragma } from "./statements/pragma.ts";
import { sqliteCatalog } from "./statements/sqlite-catalog.ts";
import { beginMode } from "./transactions/begin-mode.ts";
import { savepoint } from "./transactions/savepoint.ts";
import { insertOr } from "./upsert/insert-or.ts";
import { upsertColumn } from "./upsert/upsert-column.ts";
import { upsertTarget } from "./upsert/upsert-target.ts";
import { explicitId } from "./writes/explicit-id.ts";
import { limitedChange } from "./writes/limited-change.ts";
import { nullId } from "./writes/null-id.ts";
import { updateFrom } from "./writes/update-from.ts";

/** Every rule about SQL, in the order in which their findings of one place stand. */
export const statementRules: readonly StatementRule[] = [
  ddlInCode,
  addColumn,
  createIndex,
  createTrigger,
  createView,
  dropTrigger,
  insertOr,
  upsertColumn,
  upsertTarget,
  limitedChange,
  nullId,
  explicitId,
  updateFrom,
  pragma,
  sqliteCatalog,
  attachDatabase,
  maintenance,
  explainPlan,
  beginMode,
  savepoint,
  virtualTable,
  matchQuery,
  booleanFlag,
  truthWord,
  likeCase,
  doubleEquals,
  isValue,
  integerCondition,
  conditionValue,
  numberLiteral,
  textArithmetic,
  zeroDivisor,
  integerWidth,
  concatOperand,
  mixedComparison,
  blobLiteral,
  globPattern,
  collationOrder,
  castType,
  // After those that enclose an operand in words of their own.
  operatorGrouping,
  nullOrder,
  limitForm,
  bareColumn,
  clauseAlias,
  compoundQuery,
  distinctOrder,
  groupParameter,
  inTable,
  indexHint,
  joinForm,
  orderConstant,
  recursiveWith,
  scalarSubquery,
  sourceAlias,
  usingStar,
  rowidColumn,
  stringQuotes,
  nameQuotes,
  nameCase,
  reservedName,
  schemaPrefix,
  datetimeFunction,
  currentTime,
  dateLiteral,
  sqliteFunction,
  aggregateFunction,
  mathFunction,
  jsonFunction,
  placeholderStyle,
];

/** Every rule about host code. */
export const useRules: readonly UseRule[] = [
  directConnection,
  changeCount,
  customFunction,
  driverError,
  fileCopy,
  lastInsertId,
  loadExtension,
  pragmaCall,
  rowShape,
  scriptCall,
  threadCheck,
  transactionControl,
  valueConversion,
];

/** What is found by running a statement, not by looking at it. */
export const proofRules: readonly RuleMeta[] = [rejected, rowsDiffer];

export const allRules: readonly RuleMeta[] = [...statementRules, ...useRules].map((rule) => rule.meta);

/** Everything that is reported under an id and has a page: the rules, what only the engines tell, and what is wrong with a comment that ignores findings. */
export const reportedRules: readonly RuleMeta[] = [...allRules, ...proofRules, ignoreCommentMeta];
