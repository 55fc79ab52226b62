/** Why PostgreSQL's own parser refuses a text. */
export interface PostgresSyntaxProblem {
  readonly message: string;
  /** 1-based, in code points, as the parser counts; undefined when it does not say. */
  readonly position: number | undefined;
}

/** Loads PostgreSQL's parser (WASM). */
async function load() {
  const module = await import("libpg-query");
  await module.loadModule();
  return module;
}

let loaded: ReturnType<typeof load> | undefined;

/**
 * Asks PostgreSQL's own parser about a text: undefined when it accepts it. Syntax only; whether names and types exist is
 * a server's to say.
 */
export async function parsePostgres(sql: string): Promise<PostgresSyntaxProblem | undefined> {
  const { parseSync, hasSqlDetails } = await (loaded ??= load());
  try {
    parseSync(sql);
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    const details = hasSqlDetails(problem) ? problem.sqlDetails : undefined;
    // libpg-query counts from 0.
    return { message: problem.message, position: details === undefined ? undefined : details.cursorPosition + 1 };
  }
}
