import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CutoverError } from "#core/cutover-error.ts";

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment over the workspace's `.env` (DB_TYPE, POSTGRES_*, DATABASE_URL): what is set outside wins.
 * @throws CutoverError config-invalid when `.env` is there and cannot be read
 */
export async function loadEnv(root: string, processEnv: Env): Promise<Env> {
  const path = join(root, ".env");
  try {
    return { ...parseEnv(await readFile(path, "utf8")), ...processEnv };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return processEnv;
    throw new CutoverError({ tag: "config-invalid", what: ".env cannot be read", where: path, why: error instanceof Error ? error.message : String(error), next: "Make the file readable, or remove it.", cause: error });
  }
}
