import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Whose password is looked for. */
export interface PasswordQuestion {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password that libpq's password file has for a server: PGPASSFILE, or `.pgpass` at home (`%APPDATA%\postgresql\pgpass.conf` on Windows).
 * As libpq does it leaves alone a file that others may read; no file is no password.
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function passwordFromFile(question: PasswordQuestion, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = passwordFile(env);
  try {
    const { mode } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) return undefined;
    return findPassword(readFileSync(path, "utf8"), question);
  } catch {
    return undefined; // not there, or not to be read: the server says when it wants a password
  }
}

function passwordFile(env: Readonly<Record<string, string | undefined>>): string {
  const named = env["PGPASSFILE"];
  if (named !== undefined && named !== "") return named;
  const appData = env["APPDATA"];
  return process.platform === "win32" && appData !== undefined ? join(appData, "postgresql", "pgpass.conf") : join(env["HOME"] ?? homedir(), ".pgpass");
}

/** The first line of `host:port:database:user:password` that fits; `*` fits all, a backslash takes the next character as it is. */
export function findPassword(text: string, { host, port, database, user }: PasswordQuestion): string | undefined {
  // A Unix socket goes by its folder, or by the name localhost.
  const wanted = [host.startsWith("/") ? ["localhost", host] : [host], [String(port)], [database], [user]];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = line.match(/(?:^|:)((?:\\.|[^\\:])*)/g)?.map((field, i) => (i === 0 ? field : field.slice(1)));
    if (fields === undefined || fields.length < 5) continue;
    const plain = fields.map((field) => field.replaceAll(/\\(.)/g, "$1"));
    if (wanted.every((words, i) => fields[i] === "*" || words.includes(plain[i] ?? ""))) return plain[4];
  }
  return undefined;
}
