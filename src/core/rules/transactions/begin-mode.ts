import type { BeginStatement, CommitStatement, RollbackStatement } from "#core/sql/nodes.ts";
import { replace } from "../rewrite.ts";
import type { SqlFinding, StatementContext, StatementRule } from "../rule.ts";

/** BEGIN DEFERRED, IMMEDIATE, EXCLUSIVE, and a transaction's name. */
export const beginMode: StatementRule = {
  meta: {
    id: "begin-mode",
    family: "transactions",
    title: "BEGIN IMMEDIATE and a transaction's name",
    doc: {
      what: "Finds BEGIN with DEFERRED, IMMEDIATE or EXCLUSIVE, and a name behind TRANSACTION.",
      why:
        "PostgreSQL has none of the words. SQLite's IMMEDIATE lets one writer in at a time, so that what a transaction reads is still so when it writes; PostgreSQL's transactions run side by side, and under READ COMMITTED two of them can read the same value and both write. " +
        "A name behind TRANSACTION is read over by SQLite. Besides: a statement that fails ends PostgreSQL's transaction, and everything after it fails too until ROLLBACK; an error that the code catches and goes on from needs a savepoint around the statement. The generated adapter sets one.",
      example: "BEGIN IMMEDIATE",
      useInstead: {
        both: "the same: the generated adapter lets one such transaction in at a time",
        postgres: "BEGIN, with SELECT … FOR UPDATE for the rows that are read to be written; or BEGIN ISOLATION LEVEL SERIALIZABLE and a retry on 40001",
      },
      fixSafety: "Leaving out DEFERRED or the name is safe. Leaving out IMMEDIATE or EXCLUSIVE asks for a review in mode postgres: lock the rows that are read to be written (FOR UPDATE), or the table (LOCK TABLE … IN EXCLUSIVE MODE), or take SERIALIZABLE and retry.",
    },
  },
  *check(context) {
    const { statement } = context;
    switch (statement.kind) {
      case "BeginStatement":
        if (statement.mode !== undefined && statement.modeSpan !== undefined) yield ofMode(statement, statement.mode, context);
        yield* ofName(statement, context);
        return;
      case "CommitStatement":
      case "RollbackStatement":
        yield* ofName(statement, context);
        return;
      default:
        return;
    }
  },
};

function ofMode(statement: BeginStatement, mode: NonNullable<BeginStatement["mode"]>, context: StatementContext): SqlFinding {
  const span = statement.modeSpan ?? statement.span;
  const { text } = context.site;
  const before = /[ \t]*$/.exec(text.slice(0, span.start))?.[0].length ?? 0;
  const edits = [replace({ start: span.start - before, end: span.end }, "")];
  if (mode === "DEFERRED") {
    return { span, severity: "error", message: "PostgreSQL has no BEGIN DEFERRED; plain BEGIN is the same on both.", fixes: [{ kind: "edit", title: "Leave out DEFERRED", applicability: "safe", edits }] };
  }
  if (context.mode === "both") {
    return { span, severity: "information", message: `PostgreSQL has no BEGIN ${mode}; the generated adapter keeps out other transactions that begin so, not those that begin otherwise.`, supplied: [`BEGIN ${mode}`], advice: true, fixes: [] };
  }
  return {
    span,
    severity: "error",
    message: `PostgreSQL has no BEGIN ${mode}. Look at it: without it, others write while this transaction runs. Rows that are read to be written want SELECT … FOR UPDATE, a whole table LOCK TABLE … IN EXCLUSIVE MODE; or take BEGIN ISOLATION LEVEL SERIALIZABLE and try again on error 40001.`,
    fixes: [{ kind: "edit", title: `Leave out ${mode}`, applicability: "review", edits }],
  };
}

function* ofName(statement: BeginStatement | CommitStatement | RollbackStatement, { site }: StatementContext): Iterable<SqlFinding> {
  const { name, transactionSpan } = statement;
  if (name === undefined || transactionSpan === undefined) return;
  const gap = site.text.slice(transactionSpan.end, name.span.start);
  yield {
    span: name.span,
    severity: "error",
    message: "A transaction has no name in PostgreSQL; SQLite reads over it.",
    fixes: /^\s*$/.test(gap) ? [{ kind: "edit", title: "Leave out the name", applicability: "safe", edits: [replace({ start: transactionSpan.end, end: name.span.end }, "")] }] : [],
  };
}
