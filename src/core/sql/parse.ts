import type { Expression, Fragment, Statement } from "./nodes.ts";
import type { ParseOptions, Script } from "./script.ts";

export type { ParseOptions, Script } from "./script.ts";

/** Parses every statement of a text. Never throws: what SQLite would refuse is in `errors` and in the tree. */
export declare function parseScript(sql: string, options?: ParseOptions): Script;

/** Parses a text that holds one statement (a final `;` is allowed, anything after it is an error of the statement). */
export declare function parseStatement(sql: string, options?: ParseOptions): Statement;

/** Parses a text that is one expression. */
export declare function parseExpression(sql: string, options?: ParseOptions): Expression;

/** Parses a text that starts in the middle of a statement (`AND x = ?`, `WHERE …`, `ORDER BY x`), best effort. */
export declare function parseFragment(sql: string, options?: ParseOptions): Fragment;
