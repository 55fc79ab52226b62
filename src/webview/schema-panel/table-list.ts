import type { TableModel } from "#protocol/worker.ts";
import { element } from "./element.ts";

/** The list of tables at the left: a list box that the arrow keys walk through. */
export interface TableList {
  readonly root: HTMLElement;
  /** Shows the tables whose name holds the filter, whatever the case, and marks the selected one. */
  show(tables: readonly TableModel[], filter: string, selected: string | undefined): void;
}

/** Makes the list; `choose` is called with a table's name. */
export function tableList(label: string, noneText: string, choose: (name: string) => void): TableList {
  const root = element("ul", { class: "list", role: "listbox", tabindex: "0", "aria-label": label });
  const none = element("p", { class: "none", role: "status" });
  let names: readonly string[] = [];
  let current: string | undefined;

  const moves: Record<string, (at: number) => number> = {
    ArrowDown: (at) => Math.min(at + 1, names.length - 1),
    ArrowUp: (at) => Math.max(at - 1, 0),
    Home: () => 0,
    End: () => names.length - 1,
  };
  root.addEventListener("keydown", (event) => {
    const next = names[moves[event.key]?.(current === undefined ? -1 : names.indexOf(current)) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
  });
  root.addEventListener("click", (event) => {
    const name = event.target instanceof Element ? event.target.closest("[role=option]")?.getAttribute("data-name") : undefined;
    if (typeof name === "string") choose(name);
  });

  return {
    root: element("div", { class: "list-frame" }, root, none),
    show(tables, filter, selected) {
      const shown = tables.filter((table) => table.name.toLowerCase().includes(filter.trim().toLowerCase()));
      names = shown.map((table) => table.name);
      current = selected;
      root.replaceChildren(
        ...shown.map((table, i) =>
          element(
            "li",
            { role: "option", id: `table-${i}`, "data-name": table.name, "aria-selected": String(table.name === selected) },
            element("span", { class: "name" }, table.name),
            ...(table.warnings.length === 0 ? [] : [element("span", { class: "mark", title: table.warnings.join("\n") }, "⚠")]),
          ),
        ),
      );
      none.textContent = shown.length === 0 ? noneText : "";
      const at = selected === undefined ? -1 : names.indexOf(selected);
      if (at < 0) root.removeAttribute("aria-activedescendant");
      else {
        root.setAttribute("aria-activedescendant", `table-${at}`);
        root.children[at]?.scrollIntoView({ block: "nearest" });
      }
    },
  };
}
