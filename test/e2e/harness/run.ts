import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { e2eFolder } from "./run-paths.ts";

/** What the global setup started, for the test files, which are processes of their own. */
export interface Run {
  /** VS Code, `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** The folder of this run. */
  readonly folder: string;
  /** A PostgreSQL server's empty database, with its password. */
  readonly databaseUrl: string;
}

const file = join(e2eFolder, "run.json");

/** Leaves word of what runs. */
export function writeRun(run: Run): void {
  writeFileSync(file, JSON.stringify(run, null, 2));
}

/**
 * What runs.
 * @throws when the tests were not started with the global setup
 */
export function readRun(): Run {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error("No VS Code is running for the tests: start them with `npm run test:e2e`", { cause: error });
  }
  const run: Partial<Record<string, unknown>> = JSON.parse(text) as Record<string, unknown>;
  const { origin, folder, databaseUrl } = run;
  if (typeof origin !== "string" || typeof folder !== "string" || typeof databaseUrl !== "string") throw new Error(`${file} is not what the global setup writes`);
  return { origin, folder, databaseUrl };
}
