import { directConnection } from "./connection/direct-connection.ts";
import { datetimeFunction } from "./date-time/datetime-function.ts";
import { ddlInCode } from "./ddl/ddl-in-code.ts";
import { sqliteFunction } from "./functions/sqlite-function.ts";
import { ignoreCommentMeta } from "./ignores/ignore-comment-meta.ts";
import { booleanFlag } from "./operators/boolean-flag.ts";
import { likeCase } from "./operators/like-case.ts";
import { placeholderStyle } from "./placeholders/placeholder-style.ts";
import type { RuleMeta, StatementRule, UseRule } from "./rule.ts";
import { nullOrder } from "./select/null-order.ts";
import { insertOr } from "./upsert/insert-or.ts";
import { upsertColumn } from "./upsert/upsert-column.ts";

/** Every rule about SQL, in the order in which their fixes are tried on one text. */
export const statementRules: readonly StatementRule[] = [ddlInCode, insertOr, upsertColumn, booleanFlag, likeCase, nullOrder, datetimeFunction, sqliteFunction, placeholderStyle];

/** Every rule about host code. */
export const useRules: readonly UseRule[] = [directConnection];

export const allRules: readonly RuleMeta[] = [...statementRules, ...useRules].map((rule) => rule.meta);

/** Everything that is reported under an id and has a page: the rules, and what is wrong with a comment that ignores them. */
export const reportedRules: readonly RuleMeta[] = [...allRules, ignoreCommentMeta];
