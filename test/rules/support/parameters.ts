import { bindParameters } from "#core/sql/bind-parameters.ts";
import { parseScript } from "#core/sql/parse.ts";
import { applyEdits, type Edit } from "#core/text/edit.ts";
import { asAdapterSends } from "#engine/proof/as-adapter-sends.ts";

/** The values in the form that better-sqlite3 wants for a text's parameters: integers as such, `?NNN` by name. */
export function bindForSqlite(sql: string, parameters: readonly (string | number | null)[]): unknown[] {
  const values = parameters.map((p) => (typeof p === "number" && Number.isInteger(p) ? BigInt(p) : p));
  const found = parseScript(sql).statements.flatMap((statement) => bindParameters(statement));
  const named = found.filter(({ node }) => node.form !== "?");
  if (named.length === 0) return values;
  return [Object.fromEntries(found.map(({ node, number }) => [node.name ?? String(node.number), values[(number ?? 0) - 1]]))];
}

/**
 * How a text comes to PostgreSQL. `adapter`: in mode `both`, with its functions in sight, parameters in SQLite's forms and the clock's
 * words, `time(` and `date(` as the adapter sends them; `adapter-numbered`: the same with `$n` already written; `numbered` and
 * `psycopg`: from a driver, with nothing but PostgreSQL.
 */
export type PostgresStyle = "adapter" | "adapter-numbered" | "numbered" | "psycopg";

/** What stands between the code and the server. */
export function bindForPostgres(sql: string, style: PostgresStyle): string {
  switch (style) {
    case "numbered":
      return sql;
    case "psycopg": {
      let n = 0;
      return sql.replace(/%[%s]/g, (mark) => (mark === "%%" ? "%" : `$${++n}`));
    }
    case "adapter":
      return asAdapter(sql, true);
    case "adapter-numbered":
      return asAdapter(sql, false);
  }
}

function asAdapter(sql: string, numbers: boolean): string {
  if (!numbers) return asAdapterSends(sql).sql;
  const edits = parseScript(sql).statements.flatMap((statement): Edit[] =>
    // DDL goes to the server as it is.
    statement.kind === "CreateTableStatement" ? [] : bindParameters(statement).map(({ node, number }) => ({ span: node.span, newText: `$${number ?? 0}` })),
  );
  return asAdapterSends(applyEdits(sql, edits)).sql;
}
