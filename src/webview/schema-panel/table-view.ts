import type { SchemaPanelText } from "#protocol/schema-panel.ts";
import type { ColumnModel, TableModel } from "#protocol/worker.ts";
import { columnsTable } from "./columns-table.ts";
import { ddlView } from "./ddl-view.ts";
import { element, fill } from "./element.ts";
import { lightColumns } from "./light-columns.ts";
import type { TypePicker } from "./type-picker.ts";

/** What of a table is shown, and what its parts do. */
export interface TableViewOptions {
  readonly text: SchemaPanelText;
  readonly picker: TypePicker;
  /** Only the columns that need a look. */
  readonly look: boolean;
  /** Of the filter: columns that hold it are marked. */
  readonly filter: string;
  readonly choose: (column: ColumnModel, type: string | undefined) => void;
}

/** One table: its columns with both types and the evidence, and both DDLs beside each other. */
export function tableView(table: TableModel, options: TableViewOptions): HTMLElement {
  const { text } = options;
  const heading = element("h2", { id: "table-name" }, table.name);
  const view = element(
    "section",
    { class: "table", "aria-labelledby": "table-name" },
    heading,
    ...(table.warnings.length === 0 ? [] : [element("ul", { class: "warnings" }, ...table.warnings.map((warning) => element("li", {}, warning)))]),
    columnsTable(table, options),
    element(
      "div",
      { class: "ddls" },
      ddlView(fill(text.sqliteDdl, table.name), table.sqliteDdl, table.columns, (column) => column.sqliteSpan),
      ddlView(fill(text.postgresDdl, table.name), table.postgresDdl, table.columns, (column) => column.postgresSpan),
    ),
  );
  lightColumns(view);
  return view;
}
