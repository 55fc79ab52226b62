import { replace } from "../rewrite.ts";
import { manual, supplied, type Answer, type Translator } from "./answer.ts";

/** Supplied by the adapter; without it, what people do. */
const connection = (advice: string): Translator => ({ context }) => (context.mode === "both" ? supplied({ kind: "integer", wide: true }) : manual(advice));

const only = (advice: string): Translator => () => manual(advice);

const lastId: Translator = ({ node, context }) => {
  if (context.mode === "both") return supplied({ kind: "integer", wide: true });
  const answer: Answer = {
    form: "rewrite",
    title: "Use lastval()",
    message:
      "PostgreSQL has no last_insert_rowid(). Better: INSERT … RETURNING id, which SQLite knows too from 3.35 on. Look at it: lastval() is what a sequence last gave out in this session; it differs where the INSERT " +
      "gave the id itself or a trigger inserted elsewhere, and is an error before the first.",
    edits: [replace(node.span, "lastval()")],
    exact: undefined,
  };
  return answer;
};

/** 64 random bits; PostgreSQL's random() is a fraction. In ORDER BY either shuffles. */
const random: Translator = ({ node, around, context }) => {
  const [parent, above] = around;
  if (parent?.kind === "OrderingTerm") return undefined;
  // What stands there already is PostgreSQL's.
  if (parent?.kind === "BinaryExpression" && parent.operator === "*" && above?.kind === "FunctionCall" && above.name.kind === "Identifier" && above.name.value.toLowerCase() === "floor") return undefined;
  const range = above?.kind === "BinaryExpression" && above.operator === "%" && above.right.kind === "NumericLiteral" && above.right.form === "integer" ? above : undefined;
  if (context.mode === "both") return supplied({ kind: "integer", wide: true });
  // abs(random()) % n, written as PostgreSQL's people do.
  if (range !== undefined && parent?.kind === "FunctionCall" && parent.name.kind === "Identifier" && parent.name.value.toLowerCase() === "abs" && above === range && range.left === parent && BigInt(range.right.kind === "NumericLiteral" ? range.right.text.replaceAll("_", "") : "0") < 2n ** 31n) {
    const count = range.right.kind === "NumericLiteral" ? range.right.text : "";
    return {
      form: "rewrite",
      title: "Use floor(random() * n)",
      message: "SQLite's random() is a 64-bit integer, PostgreSQL's a fraction between 0 and 1: the same statement gives something else.",
      edits: [replace(range.span, `CAST(floor(random() * ${count}) AS BIGINT)`)],
      exact: { kind: "integer", wide: true },
      severity: "warning",
    };
  }
  return {
    form: "rewrite",
    title: "Make 64 random bits",
    message: "SQLite's random() is a 64-bit integer, PostgreSQL's a fraction between 0 and 1: the same statement gives something else.",
    edits: [replace(node.span, "CAST(CAST('x' || encode(substring(sha256(uuid_send(gen_random_uuid())) FROM 1 FOR 8), 'hex') AS BIT(64)) AS BIGINT)")],
    exact: { kind: "integer", wide: true },
    severity: "warning",
  };
};

/** Calls about the connection, the library and chance. */
export const sessionCalls: Readonly<Record<string, Translator>> = {
  random,
  last_insert_rowid: lastId,
  changes: connection("PostgreSQL has no changes(). Use the cursor's row count, or RETURNING, which SQLite knows too from 3.35 on."),
  total_changes: connection("PostgreSQL has no total_changes(). Use the sum of each statement's row count."),
  load_extension: only("PostgreSQL has no load_extension(): its extensions are created once, by CREATE EXTENSION."),
  sqlite_version: only("PostgreSQL has no sqlite_version(); it has version()."),
  sqlite_source_id: only("PostgreSQL has no sqlite_source_id(); it has version()."),
  sqlite_compileoption_used: only("PostgreSQL has no sqlite_compileoption_used(); it has version() and pg_config."),
  sqlite_compileoption_get: only("PostgreSQL has no sqlite_compileoption_get(); it has version() and pg_config."),
  soundex: only("PostgreSQL has no soundex() of its own. The extension fuzzystrmatch has one; otherwise compute it in code."),
};
