import type { Name } from "#core/sql/nodes.ts";
import { descendants } from "#core/sql/walk.ts";
import { isDefinition } from "../is-definition.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** `main.tasks`, `temp.tasks` and tables of attached databases. */
export const schemaPrefix: StatementRule = {
  meta: {
    id: "schema-prefix",
    family: "quoting",
    title: "main. and temp. before a table",
    doc: {
      what: "Finds tables and columns that are named with their database: main.tasks, temp.tasks, or one that is attached.",
      why: "PostgreSQL takes the word for a schema, and has none called main.",
      example: "SELECT id FROM main.tasks",
      useInstead: { both: "SELECT id FROM tasks", postgres: "the same" },
      fixSafety: "Safe for main and temp: the bare name finds the same table (both engines look among temporary tables first, so a temporary one of the name must not hide main's). An attached database is left to a person.",
    },
  },
  *check({ statement, site }) {
    // PRAGMA main.journal_mode names no table, and is its own rule's business.
    if (isDefinition(statement) || statement.kind === "PragmaStatement") return;
    for (const node of descendants(statement)) {
      if ((node.kind !== "QualifiedName" && node.kind !== "ColumnReference") || node.schema === undefined) continue;
      const schema = nameOf(node.schema);
      const table: Name | undefined = node.kind === "QualifiedName" ? node.name : node.table;
      const name = nameOf(table);
      if (schema === undefined || table === undefined || name === undefined || /^(sqlite_|pragma_)/i.test(name)) continue;
      const isOwn = /^(main|temp)$/i.test(schema);
      // A WITH table of this name would be meant without the word.
      const hidden = isOwn && node.kind === "QualifiedName" && descendants(statement).some((each) => each.kind === "CommonTable" && fold(nameOf(each.name) ?? "") === fold(name));
      const start = node.schema.span.start;
      yield {
        span: { start, end: node.schema.span.end },
        severity: "error",
        message: hidden
          ? `PostgreSQL has no schema ${schema}, and without the word the WITH table ${name} is meant: give that another name.`
          : isOwn
            ? `PostgreSQL has no schema ${schema}; the table is found without it.`
            : `PostgreSQL takes ${schema} for a schema. An attached database can become a schema of that name, or a database of its own (postgres_fdw reaches it).`,
        fixes: !isOwn || hidden ? [] : [{ kind: "edit", title: `Leave ${site.text.slice(start, table.span.start)} out`, applicability: "safe", edits: [replace({ start, end: table.span.start }, "")] }],
      };
    }
  },
};
