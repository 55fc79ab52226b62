import type { CheckConstraint, ColumnDefinition, ColumnConstraint, Expression, Hole, Identifier } from "#core/sql/nodes.ts";
import { descendants } from "#core/sql/walk.ts";
import { nameOf } from "../scope.ts";

/** One thing that a definition says to SQLite and not to PostgreSQL; `refused` where PostgreSQL does not take it. */
export interface DefinitionDifference {
  readonly text: string;
  readonly refused: boolean;
}

/** What an integer key is without AUTOINCREMENT, too. */
export const keyGives = "INTEGER PRIMARY KEY gives ids in SQLite only";

/** Types that hold on PostgreSQL what a column of that name holds in SQLite. */
const same = /^(?:TEXT|VARCHAR|CHARACTER VARYING|BIGINT|INT8|DOUBLE PRECISION|FLOAT|FLOAT8|BYTEA)$/;
/** Types that let in less than SQLite does: moments, documents, addresses. */
const stricter = /^(?:DATE|TIME|TIMESTAMP|TIMESTAMPTZ|(?:TIME|TIMESTAMP) WITH(?:OUT)? TIME ZONE|JSON|JSONB|UUID|INTERVAL|INET|CIDR|MACADDR|XML|BIT|MONEY|POINT|TSVECTOR)$/;

/**
 * What PostgreSQL would refuse of a column's definition, or take for something else. That it sorts texts by the database's locale is not
 * among it. https://www.postgresql.org/docs/current/datatype.html, https://www.sqlite.org/datatype3.html
 */
export function columnDifferences(column: ColumnDefinition): DefinitionDifference[] {
  return [...typeDifferences(column), ...column.constraints.flatMap((constraint) => constraintDifferences(constraint, column))];
}

/** The words of a column's type, in capitals; undefined where it has none, or one that is filled in. */
export function typeWords({ type }: ColumnDefinition): string | undefined {
  return type === undefined || type.words.some((word) => nameOf(word) === undefined) ? undefined : type.words.map((word) => nameOf(word)?.toUpperCase() ?? "").join(" ");
}

/** Whether a column is SQLite's rowid: its values are given. */
export function isIntegerKey(column: ColumnDefinition): boolean {
  return typeWords(column) === "INTEGER" && column.type?.argumentsSpan === undefined && column.constraints.some((each) => each.kind === "ColumnPrimaryKey" && each.direction !== "DESC");
}

function typeDifferences(column: ColumnDefinition): DefinitionDifference[] {
  const { type, constraints } = column;
  if (type === undefined) return constraints.some(({ kind }) => kind === "Hole" || kind === "ErrorNode") ? [] : [refused("PostgreSQL has no column without a type")];
  const words = typeWords(column);
  if (words === undefined || isIntegerKey(column)) return words === undefined ? [] : [differs(keyGives)];
  const [size] = type.arguments;
  if (same.test(words)) {
    if (type.argumentsSpan === undefined) return [];
    if (words.startsWith("FLOAT")) return size?.kind === "NumericLiteral" && Number(size.text) > 24 ? [] : [differs(`${words} is a double in SQLite and has about 7 digits in PostgreSQL`)];
    return /^(?:VARCHAR|CHARACTER VARYING)$/.test(words) ? [differs("SQLite does not hold a text to its length, PostgreSQL does")] : [refused(`PostgreSQL has no type ${words} of a length`)];
  }
  if (stricter.test(words)) return [differs(`${words} takes nothing else in PostgreSQL, and any value in SQLite`)];
  switch (words) {
    case "INT":
    case "INTEGER":
    case "INT4":
      return type.argumentsSpan === undefined ? [differs(`${words} has 64 bits in SQLite and 32 in PostgreSQL`)] : [refused(`PostgreSQL has no type ${words} of a length`)];
    case "SMALLINT":
    case "INT2":
      return type.argumentsSpan === undefined ? [differs(`${words} has 64 bits in SQLite and 16 in PostgreSQL`)] : [refused(`PostgreSQL has no type ${words} of a length`)];
    case "REAL":
    case "FLOAT4":
      return [differs(`${words} is a double in SQLite and has about 7 digits in PostgreSQL`)];
    case "CHAR":
    case "CHARACTER":
      return [differs(`SQLite holds a ${words} to no length; PostgreSQL does, and fills it with blanks`)];
    case "NUMERIC":
    case "DECIMAL":
    case "DEC":
      return [differs(`${words} is a double in SQLite and an exact decimal in PostgreSQL`)];
    case "BOOL":
    case "BOOLEAN":
      // Who writes TRUE and FALSE into the default has them in mind.
      return constraints.some((each) => each.kind === "DefaultConstraint" && isTruthWord(each.value)) ? [] : [differs(`${words} takes no 0 and 1 in PostgreSQL`)];
    case "SERIAL":
    case "BIGSERIAL":
    case "SMALLSERIAL":
      return [];
    default:
      return [refused(`PostgreSQL has no type ${words}`)];
  }
}

function constraintDifferences(constraint: ColumnConstraint | Hole, column: ColumnDefinition): DefinitionDifference[] {
  switch (constraint.kind) {
    case "ColumnPrimaryKey":
      return [...(constraint.autoincrementSpan === undefined ? [] : [refused("PostgreSQL has no AUTOINCREMENT")]), ...(constraint.direction === undefined ? [] : [refused(`PostgreSQL has no key with ${constraint.direction}`)]), ...onConflict(constraint)];
    case "NotNullConstraint":
    case "NullConstraint":
    case "ColumnUnique":
      return onConflict(constraint);
    case "CollateConstraint":
      return collation(nameOf(constraint.collation));
    case "DefaultConstraint":
      return defaultDifferences(constraint.value, column);
    case "CheckConstraint":
      return checkDifferences(constraint);
    case "GeneratedConstraint":
      return [...(constraint.generatedAlwaysSpan === undefined ? [refused("PostgreSQL wants GENERATED ALWAYS before AS")] : []), ...(constraint.storage === "STORED" ? [] : [refused("PostgreSQL has generated columns that are not STORED from 18 on only")]), ...(isCommon(constraint.expression) ? [] : [differs("A generated column computes in SQLite's words")])];
    case "ColumnForeignKey":
    case "DeferrableConstraint":
    case "EmptyConstraint":
    case "ErrorNode":
    case "Hole":
      return [];
  }
}

/** What `ON CONFLICT` of a constraint is to PostgreSQL. */
export function onConflict({ onConflict: action }: { readonly onConflict: CheckConstraint["onConflict"] }): DefinitionDifference[] {
  return action === undefined ? [] : [refused("PostgreSQL has no ON CONFLICT in a definition")];
}

/** What a collation's name is to PostgreSQL. */
export function collation(name: string | undefined): DefinitionDifference[] {
  return name === undefined || name === "C" ? [] : [refused(`PostgreSQL has no collation ${name.toUpperCase()}`)];
}

/** What a CHECK is to PostgreSQL. */
export function checkDifferences(constraint: CheckConstraint): DefinitionDifference[] {
  return [...onConflict(constraint), ...(isCommon(constraint.expression) ? [] : [differs("A CHECK is in SQLite's words")])];
}

/** Functions that are the same on both, of texts and numbers. */
const common = new Set(["length", "lower", "upper", "abs", "coalesce", "nullif", "trim", "replace"]);

/** Whether an expression has nothing that one of the engines may read otherwise. */
function isCommon(expression: Expression): boolean {
  return descendants(expression).every((node) => {
    switch (node.kind) {
      case "FunctionCall":
        return node.name.kind === "Identifier" && common.has(node.name.value.toLowerCase());
      case "LikeExpression":
      case "CurrentTimeLiteral":
      case "BlobLiteral":
      case "CastExpression":
      case "CollateExpression":
        return false;
      case "IsExpression":
        return node.right.kind === "NullLiteral";
      case "BinaryExpression":
        return !["==", "->", "->>", "||", "&", "|", "<<", ">>"].includes(node.operator);
      case "ColumnReference":
        return node.column.kind !== "Identifier" || node.column.quote !== "double";
      default:
        return true;
    }
  });
}

function defaultDifferences(value: Expression | Identifier, column: ColumnDefinition): DefinitionDifference[] {
  const words = typeWords(column) ?? "";
  const isFlag = /^BOOL(?:EAN)?$/.test(words);
  const isNumber = /^(?:(?:BIG|SMALL)?INT(?:EGER)?|INT[248]|REAL|FLOAT[48]?|DOUBLE PRECISION|NUMERIC|DECIMAL|DEC)$/.test(words);
  switch (value.kind) {
    case "ParenthesizedExpression":
      return defaultDifferences(value.expression, column);
    case "NullLiteral":
    case "Hole":
      return [];
    case "StringLiteral":
      return isNumber && value.holes.length === 0 && !/^\s*[-+]?\d+(?:\.\d+)?\s*$/.test(value.value) ? [refused(`${words} has a default that is no number`)] : [];
    case "NumericLiteral":
    case "UnaryExpression":
      // The type has said it of a flag.
      return isFlag ? [refused("PostgreSQL takes no number for a flag's default")] : stricter.test(words) ? [refused(`PostgreSQL takes no number for the default of ${words}`)] : [];
    case "CurrentTimeLiteral":
      return isNumber || isFlag ? [refused(`${value.name} is no ${isFlag ? "flag" : "number"} to PostgreSQL`)] : [differs(`${value.name} is UTC in whole seconds in SQLite, and the session's time with its fractions in PostgreSQL`)];
    case "Identifier":
      return isTruthWord(value) ? (isFlag ? [] : isNumber ? [refused(`${value.value.toUpperCase()} is no number to PostgreSQL`)] : []) : [refused(value.quote === "double" ? "A text in double quotes is a column's name to PostgreSQL" : `The word ${value.value} is no text to PostgreSQL`)];
    case "ColumnReference":
      return isTruthWord(value) ? (isFlag || !isNumber ? [] : [refused(`${(nameOf(value.column) ?? "").toUpperCase()} is no number to PostgreSQL`)]) : [refused("A text in double quotes is a column's name to PostgreSQL")];
    case "FunctionCall":
      return value.name.kind === "Identifier" ? [differs(`The default calls SQLite's ${value.name.value.toLowerCase()}()`)] : [];
    default:
      return [differs("A default is computed in SQLite's words")];
  }
}

function isTruthWord(value: Expression | Identifier): boolean {
  if (value.kind === "ParenthesizedExpression") return isTruthWord(value.expression);
  const word = value.kind === "Identifier" && value.quote === "none" ? value.value : value.kind === "ColumnReference" && value.table === undefined ? nameOf(value.column) : undefined;
  return /^(?:true|false)$/i.test(word ?? "");
}

function refused(text: string): DefinitionDifference {
  return { text, refused: true };
}

function differs(text: string): DefinitionDifference {
  return { text, refused: false };
}
