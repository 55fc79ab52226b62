import type { SchemaPanelText } from "#protocol/schema-panel.ts";
import type { ColumnModel, TableModel } from "#protocol/worker.ts";
import { ddlView } from "./ddl-view.ts";
import { element, fill } from "./element.ts";

/** One table: its columns with both types and the evidence, and both DDLs beside each other. */
export function tableView(table: TableModel, text: SchemaPanelText): HTMLElement {
  const heading = element("h2", { id: "table-name" }, table.name);
  const view = element(
    "section",
    { class: "table", "aria-labelledby": "table-name" },
    heading,
    ...(table.warnings.length === 0 ? [] : [element("ul", { class: "warnings" }, ...table.warnings.map((warning) => element("li", {}, warning)))]),
    columnsTable(table, text),
    element(
      "div",
      { class: "ddls" },
      ddlView(fill(text.sqliteDdl, table.name), table.sqliteDdl, table.columns, (column) => column.sqliteSpan),
      ddlView(fill(text.postgresDdl, table.name), table.postgresDdl, table.columns, (column) => column.postgresSpan),
    ),
  );
  lightOnHover(view);
  return view;
}

function columnsTable(table: TableModel, text: SchemaPanelText): HTMLElement {
  const head = [text.column, text.sqliteType, text.postgresType, text.confidence, text.evidence].map((label) => element("th", { scope: "col" }, label));
  return element(
    "div",
    { class: "columns" },
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...table.columns.map((column) => columnRow(column, text)))),
  );
}

function columnRow(column: ColumnModel, text: SchemaPanelText): HTMLElement {
  const percent = `${Math.round(column.confidence * 100)} %`;
  return element(
    "tr",
    { "data-column": column.name, tabindex: "0" },
    element("th", { scope: "row" }, column.name),
    element("td", { class: "type" }, column.sqliteType === "" ? element("em", {}, text.noType) : column.sqliteType),
    element("td", { class: "type target" }, element("span", { class: "arrow", "aria-hidden": "true" }, "→ "), column.postgresType),
    element("td", { class: "sure" }, column.overridden ? element("vscode-badge", { title: text.overridden, variant: "counter" }, text.overridden) : element("span", { class: `confidence ${levelOf(column.confidence)}` }, percent)),
    element("td", { class: "evidence" }, column.evidence),
  );
}

/** How much a person should look at a choice. */
function levelOf(confidence: number): "high" | "middle" | "low" {
  return confidence >= 0.9 ? "high" : confidence >= 0.7 ? "middle" : "low";
}

/** Lights the column under the pointer, or with the focus, wherever it stands in the view. */
function lightOnHover(view: HTMLElement): void {
  const light = (event: Event): void => {
    const from = event.target instanceof Element ? event.target.closest("[data-column]") : null;
    const column = from?.getAttribute("data-column") ?? undefined;
    for (const place of view.querySelectorAll("[data-column]")) {
      const lit = column !== undefined && place.getAttribute("data-column") === column;
      place.classList.toggle("lit", lit);
      if (lit && place !== from && place.matches(".definition")) scrollWithin(place);
    }
  };
  view.addEventListener("mouseover", light);
  view.addEventListener("focusin", light);
  view.addEventListener("mouseleave", light);
}

/** Brings a definition into its pane's sight without moving anything else. */
function scrollWithin(definition: Element): void {
  const pane = definition.closest("pre");
  if (pane === null) return;
  const here = definition.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (here.top < frame.top) pane.scrollTop -= frame.top - here.top + 8;
  else if (here.bottom > frame.bottom) pane.scrollTop += here.bottom - frame.bottom + 8;
}
