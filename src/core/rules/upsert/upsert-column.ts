import type { ColumnReference } from "#core/sql/nodes.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { opening } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { nameOf } from "../scope.ts";

/** A bare column in DO UPDATE is the old row's in SQLite, and ambiguous in PostgreSQL. */
export const upsertColumn: StatementRule = {
  meta: {
    id: "upsert-column",
    family: "upsert",
    title: "Bare column in ON CONFLICT DO UPDATE",
    doc: {
      what: "Finds columns without a table's name in the SET values and the WHERE of ON CONFLICT … DO UPDATE.",
      why: "Both the old row and the row excluded have such a column. SQLite takes the old row's; PostgreSQL says that the reference is ambiguous.",
      example: "INSERT INTO adw_tools (tool_name) VALUES (?) ON CONFLICT (tool_name) DO UPDATE SET invocations = invocations + 1",
      useInstead: {
        both: "INSERT INTO adw_tools (tool_name) VALUES (?) ON CONFLICT (tool_name) DO UPDATE SET invocations = adw_tools.invocations + 1",
        postgres: "the same",
      },
      fixSafety: "Safe: the table's name says what SQLite means anyway.",
    },
  },
  *check({ statement, schema, site }) {
    for (const insert of nodesOfKind(statement, "InsertStatement")) {
      // As the statement writes it: in another spelling PostgreSQL might read another name.
      const name = insert.alias?.name ?? insert.table.name;
      const table = nameOf(name) === undefined ? undefined : site.text.slice(name.span.start, name.span.end);
      const known = schema?.table(nameOf(insert.table.name) ?? "");
      for (const upsert of insert.upserts) {
        const roots = [...(upsert.set?.assignments ?? []).flatMap((a) => (a.kind === "Assignment" ? [a.value] : [])), ...(upsert.where === undefined ? [] : [upsert.where.condition])];
        for (const root of roots) {
          // Inside a subquery a bare name may be the subquery's own column: that is left to a person.
          const inside = nodesOfKind(root, "SelectStatement");
          for (const reference of nodesOfKind(root, "ColumnReference")) {
            if (reference.table !== undefined || isWord(reference) || inside.some((s) => s.span.start <= reference.span.start && reference.span.end <= s.span.end)) continue;
            // What is no column is a text in double quotes, or an error on both.
            if (known !== undefined && known.column(nameOf(reference.column) ?? "") === undefined) continue;
            yield {
              span: reference.span,
              severity: "error",
              message: "PostgreSQL calls this column ambiguous: the old row and excluded both have it. SQLite takes the old row's.",
              fixes: table === undefined ? [] : [{ kind: "edit", title: `Write ${table}.${nameOf(reference.column) ?? ""}`, applicability: "safe", edits: [opening(reference.span, `${table}.`)] }],
            };
          }
        }
      }
    }
  },
};

/** TRUE and FALSE parse as columns; an interpolated name cannot be known. */
function isWord(reference: ColumnReference): boolean {
  const name = nameOf(reference.column);
  return name === undefined || /^(true|false)$/i.test(name);
}
