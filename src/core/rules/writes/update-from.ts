import { nodesOfKind } from "#core/sql/walk.ts";
import { opening } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";
import { fold } from "../schema-view.ts";
import { nameOf } from "../scope.ts";

/** What RETURNING means behind UPDATE … FROM. */
export const updateFrom: StatementRule = {
  meta: {
    id: "update-from",
    family: "writes",
    title: "RETURNING of UPDATE … FROM",
    doc: {
      what: "Finds UPDATE … FROM with RETURNING *, or with a column there that a table of FROM has, too.",
      why: "SQLite's RETURNING sees the changed table only. In PostgreSQL * has the columns of FROM as well, and a name that both have is ambiguous.",
      example: "UPDATE stock SET n = n - o.n FROM orders o WHERE o.stock_id = stock.id RETURNING *",
      useInstead: { both: "UPDATE stock SET … RETURNING stock_name, n, with names that only the changed table has", postgres: "UPDATE stock SET n = n - o.n FROM orders o WHERE o.stock_id = stock.id RETURNING stock.*" },
      fixSafety: "Safe in mode postgres: the table's name says what SQLite means anyway. SQLite takes no table.* and no alias behind RETURNING, so that in mode both the columns have to be named by hand. Where a row meets several rows of FROM, which of them is taken is each engine's choice.",
    },
  },
  *check({ statement, schema, site, mode }) {
    for (const update of nodesOfKind(statement, "UpdateStatement")) {
      if (update.from === undefined || update.returning === undefined) continue;
      const named = update.alias?.name ?? update.table.name;
      const target = nameOf(named) === undefined ? undefined : site.text.slice(named.span.start, named.span.end);
      const others = nodesOfKind(update.from, "TableReference").map(({ table }) => schema?.table(nameOf(table.name) ?? ""));
      for (const column of update.returning.columns) {
        const reference = column.kind === "ResultColumn" ? column.expression : undefined;
        const isStar = column.kind === "AllColumns" && column.table === undefined;
        const isShared = reference?.kind === "ColumnReference" && reference.table === undefined && others.some((other) => other?.column(fold(nameOf(reference.column) ?? "")) !== undefined);
        if (!isStar && !isShared) continue;
        const span = reference?.span ?? column.span;
        yield {
          span,
          severity: isStar ? "warning" : "error",
          message: `${isStar ? "In PostgreSQL * has the columns of FROM as well" : "PostgreSQL calls this column ambiguous: a table of FROM has it, too"}; SQLite's RETURNING sees the changed table only.${mode === "both" && isStar ? " Name the columns." : ""}`,
          fixes: target === undefined || (mode === "both" && (isStar || update.alias !== undefined)) ? [] : [{ kind: "edit", title: `Write ${target}.${isStar ? "*" : (reference?.kind === "ColumnReference" ? (nameOf(reference.column) ?? "") : "")}`, applicability: "safe", edits: [opening(span, `${target}.`)] }],
        };
      }
    }
  },
};
