/** Why PostgreSQL's own parser refuses a text. */
export interface PostgresSyntaxProblem {
  readonly message: string;
  /** 1-based, in code points, as the parser counts; undefined when it does not say. */
  readonly position: number | undefined;
}

type Parser = typeof import("libpg-query");

let loaded: Promise<Parser> | undefined;

/** Loads PostgreSQL's parser (WASM) on first use. */
async function parser(): Promise<Parser> {
  loaded ??= import("libpg-query").then(async (module) => {
    await module.loadModule();
    return module;
  });
  return loaded;
}

/**
 * Asks PostgreSQL's own parser about a text: undefined when it accepts it. Syntax only; whether names and types exist is
 * a server's to say.
 */
export async function parsePostgres(sql: string): Promise<PostgresSyntaxProblem | undefined> {
  const { parseSync, hasSqlDetails } = await parser();
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
