import { resolve } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { redactUrl } from "./redact.ts";
import type { ConnectionDefaults } from "./server-address.ts";
import type { PostgresTarget } from "./session.ts";

/** What a `--to` is read against. */
export interface TargetContext {
  /** The workspace's folder: relative folders and `.cutover/` are below it. */
  readonly workspace: string;
  /** Environment variables, `.env` included. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What cutover.json says of connections. */
  readonly connections?: ConnectionDefaults;
}

/**
 * Gives the target that `--to` names; nothing is connected to yet.
 *
 * - `embedded`, `embedded:DIR`: the embedded PostgreSQL with its data in DIR (`.cutover/embedded` of the workspace);
 * - `postgres://…`, `postgresql://…`: a server, see {@link parseServerAddress};
 * - `env:NAME`: the URL in the variable NAME; `env`: DATABASE_URL, or else POSTGRES_HOST, _PORT, _DB, _USER, _PASSWORD.
 * @throws CutoverError usage, config-invalid; never with a password in it.
 */
export async function resolveTarget(to: string, context: TargetContext): Promise<PostgresTarget> {
  if (to === "embedded" || to.startsWith("embedded:")) {
    const folder = to === "embedded" ? ".cutover/embedded" : to.slice("embedded:".length);
    if (folder === "") throw unknownTarget(to, "the folder is missing behind the colon");
    const { embeddedTarget } = await import("./embedded.ts");
    return embeddedTarget(resolve(context.workspace, folder), folder);
  }
  const { serverTarget } = await import("./server.ts");
  const { parseServerAddress } = await import("./server-address.ts");
  if (/^postgres(ql)?:\/\//i.test(to)) return serverTarget(parseServerAddress(to, context.env, context.connections));
  if (to === "env" || to.startsWith("env:")) {
    const url = to === "env" ? fromPostgresVariables(context.env) : context.env[to.slice("env:".length)];
    if (url === undefined || url === "") {
      throw new CutoverError({
        tag: "config-invalid",
        what: to === "env" ? "No target is set in the environment" : `The variable ${to.slice("env:".length)} is not set`,
        next: to === "env" ? "Set DATABASE_URL or POSTGRES_HOST, POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD in .env." : "Set it in .env or in the environment.",
      });
    }
    if (!/^postgres(ql)?:\/\//i.test(url)) throw unknownTarget(redactUrl(url), "the variable holds no postgres:// URL");
    return serverTarget(parseServerAddress(url, context.env, context.connections));
  }
  throw unknownTarget(redactUrl(to), undefined);
}

function fromPostgresVariables(env: TargetContext["env"]): string | undefined {
  if (env["DATABASE_URL"] !== undefined && /^postgres(ql)?:/i.test(env["DATABASE_URL"])) return env["DATABASE_URL"];
  const database = env["POSTGRES_DB"];
  const host = env["POSTGRES_HOST"];
  if (database === undefined && host === undefined) return undefined;
  const url = new URL("postgres://localhost");
  const parameters: Record<string, string | undefined> = {
    host,
    port: env["POSTGRES_PORT"],
    dbname: database,
    user: env["POSTGRES_USER"],
    password: env["POSTGRES_PASSWORD"],
    sslmode: env["POSTGRES_SSLMODE"],
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== "") url.searchParams.set(name, value);
  return url.href;
}

function unknownTarget(to: string, why: string | undefined): CutoverError {
  return new CutoverError({
    tag: "usage",
    what: "The target is not understood",
    where: to,
    ...(why === undefined ? {} : { why }),
    next: "Give embedded, embedded:DIR, a postgres:// URL, or env:NAME for a variable that holds one.",
  });
}
