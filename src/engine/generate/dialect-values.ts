import type { AdapterProject } from "./adapter-project.ts";

/** What the templates of both languages say about the dialect of the code. */
export function dialectValues({ dialect }: AdapterProject): Readonly<Record<"dialect" | "dialectWord" | "searchPath" | "searchPathWords", string>> {
  return dialect === "sqlite"
    ? { dialect: JSON.stringify(dialect), dialectWord: dialect, searchPath: '"$user", public, cutover, pg_catalog', searchPathWords: "Functions of schema cutover stand before PostgreSQL's own of the same arguments." }
    : { dialect: JSON.stringify(dialect), dialectWord: dialect, searchPath: '"$user", public', searchPathWords: "The code's SQL is PostgreSQL's: its functions are meant." };
}
