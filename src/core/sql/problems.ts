import type { Statement, SyntaxProblem } from "./nodes.ts";

/** What SQLite would refuse in a statement: nothing, or the one thing it would name. */
export function problemsOf(statement: Statement): readonly SyntaxProblem[] {
  if (statement.kind === "ErrorNode") return [{ span: statement.span, message: statement.message }];
  return statement.problem === undefined ? [] : [statement.problem];
}
