import type { PostgresSyntaxProblem } from "./parse-postgres.ts";

/** A text as PostgreSQL's parser reads it: the node type of each of its statements (`SelectStmt`, `CreateStmt` …), or why it refuses. */
export type PostgresStatements = { readonly ok: true; readonly kinds: readonly string[] } | { readonly ok: false; readonly problem: PostgresSyntaxProblem };

async function load() {
  const module = await import("libpg-query");
  await module.loadModule();
  return module;
}

let loaded: ReturnType<typeof load> | undefined;

/** Asks PostgreSQL's own parser (WASM, loaded on first use) what statements a text holds. */
export async function postgresStatements(sql: string): Promise<PostgresStatements> {
  const { parseSync, hasSqlDetails } = await (loaded ??= load());
  try {
    const { stmts } = parseSync(sql);
    return { ok: true, kinds: (stmts ?? []).map(({ stmt }) => Object.keys(stmt ?? {})[0] ?? "") };
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    const details = hasSqlDetails(problem) ? problem.sqlDetails : undefined;
    // libpg-query counts from 0.
    return { ok: false, problem: { message: problem.message, position: details === undefined ? undefined : details.cursorPosition + 1 } };
  }
}
