import type { ColumnModel, TableModel } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";
import type { TableViewOptions } from "./table-view.ts";

/**
 * The columns of a table, one a row. The buttons of the types are one stop of the Tab key; the arrow keys go from one to the next, Enter opens,
 * Delete goes back to the automatic type.
 */
export function columnsTable(table: TableModel, options: TableViewOptions): HTMLElement {
  const { text, look } = options;
  const head = [text.column, text.sqliteType, text.postgresType, text.confidence, text.evidence].map((label) => element("th", { scope: "col" }, label));
  const listed = look && table.columns.some((column) => column.look) ? table.columns.filter((column) => column.look) : table.columns;
  const body = element("tbody", {}, ...listed.map((column) => columnRow(column, options)));
  body.querySelector(".picker")?.setAttribute("tabindex", "0");
  body.addEventListener("keydown", (event) => {
    walk(body, event, (name) => {
      const column = table.columns.find((each) => each.name === name);
      if (column?.overridden === true) options.choose(column, undefined);
    });
  });
  body.addEventListener("focusin", (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(".picker")) return;
    for (const other of body.querySelectorAll(".picker[tabindex='0']")) other.setAttribute("tabindex", "-1");
    event.target.setAttribute("tabindex", "0");
  });
  return element(
    "div",
    { class: "columns" },
    element("table", { "aria-labelledby": "table-name" }, element("thead", {}, element("tr", {}, ...head)), body),
    ...(listed.length === table.columns.length ? [] : [element("p", { class: "none" }, fill(text.allColumns, String(listed.length), String(table.columns.length)))]),
  );
}

function columnRow(column: ColumnModel, { text, picker, filter, choose }: TableViewOptions): HTMLElement {
  const button = picker.button(column);
  button.tabIndex = -1;
  const word = filter.trim().toLowerCase();
  const hit = word !== "" && column.name.toLowerCase().includes(word);
  return element(
    "tr",
    { "data-column": column.name, class: column.look ? "look" : "" },
    element("th", { scope: "row", class: hit ? "hit" : "" }, column.name),
    element("td", { class: "type" }, column.sqliteType === "" ? element("em", {}, text.noType) : column.sqliteType),
    element("td", { class: "type target" }, element("span", { class: "arrow", "aria-hidden": "true" }, "→ "), button),
    element("td", { class: "sure" }, ...sureness(column, text, choose)),
    element("td", { class: "evidence" }, column.evidence, ...column.warnings.map((warning) => element("span", { class: "warning" }, element("span", { role: "img", "aria-label": text.warning }, "⚠"), ` ${warning}`)), ...column.suggestions.map((suggestion) => element("span", { class: "suggestion" }, fill(text.suggestion, suggestion)))),
  );
}

function sureness(column: ColumnModel, text: TableViewOptions["text"], choose: TableViewOptions["choose"]): Node[] {
  if (!column.overridden) return [element("span", { class: `confidence ${levelOf(column.confidence)}` }, `${Math.round(column.confidence * 100)} %`)];
  const back = element("button", { class: "back", type: "button", title: fill(text.backToAutomatic, column.automatic), "aria-label": `${column.name}: ${fill(text.backToAutomatic, column.automatic)}` }, "↺");
  back.addEventListener("click", () => {
    choose(column, undefined);
  });
  return [element("span", { class: "chosen" }, text.overridden), back];
}

/** How much a person should look at a choice. */
function levelOf(confidence: number): "high" | "middle" | "low" {
  return confidence >= 0.9 ? "high" : confidence >= 0.7 ? "middle" : "low";
}

function walk(body: HTMLElement, event: KeyboardEvent, back: (column: string) => void): void {
  if (!(event.target instanceof HTMLElement) || !event.target.matches(".picker") || event.altKey || event.ctrlKey || event.metaKey) return;
  const buttons = [...body.querySelectorAll<HTMLButtonElement>(".picker")];
  const at = buttons.findIndex((button) => button === event.target);
  const places: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
  const place = places[event.key];
  if (place !== undefined) {
    event.preventDefault();
    buttons[place]?.focus();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    back(event.target.closest("[data-column]")?.getAttribute("data-column") ?? "");
  }
}
