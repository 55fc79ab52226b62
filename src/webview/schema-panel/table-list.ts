import type { SchemaPanelText } from "#protocol/schema-panel.ts";
import { element, fill } from "./element.ts";
import { rowWindow } from "./row-window.ts";
import type { ShownTable } from "./shown-tables.ts";
import { typeAhead } from "./type-ahead.ts";

/** The list of tables at the left: a list box that the arrow keys walk through. Only the rows on screen are in the page. */
export interface TableList {
  readonly root: HTMLElement;
  /** Shows the tables and marks the selected one; `none` is said where there are none. */
  show(tables: readonly ShownTable[], selected: string | undefined, none: string): void;
}

/** As the style sheet has it. */
const rowHeight = 24;

/** Makes the list; `choose` is called with a table's name. */
export function tableList(text: SchemaPanelText, choose: (name: string) => void): TableList {
  const root = element("ul", { class: "list", role: "listbox", tabindex: "0", "aria-label": text.tables });
  const nothing = element("p", { class: "none", role: "status" });
  const frame = element("div", { class: "list-frame" }, root, nothing);
  const ahead = typeAhead();
  let tables: readonly ShownTable[] = [];
  let current = -1;

  const render = (): void => {
    const { from, to } = rowWindow(frame.scrollTop, frame.clientHeight, rowHeight, tables.length);
    const shown = tables.slice(from, to).map((table, i) => row(table, from + i));
    // The selected row stays in the page, so that it can be told of.
    const selected = tables[current];
    if (selected !== undefined && (current < from || current >= to)) shown.push(row(selected, current));
    root.replaceChildren(...shown);
  };
  const row = ({ name, hit, look }: ShownTable, at: number): HTMLElement => {
    const made = element(
      "li",
      { role: "option", id: `table-${at}`, "data-name": name, "aria-selected": String(at === current), "aria-setsize": String(tables.length), "aria-posinset": String(at + 1), title: name },
      element("span", { class: "name" }, name),
      ...(hit === undefined ? [] : [element("span", { class: "hit" }, fill(text.holding, hit))]),
      ...(look === 0 ? [] : [element("span", { class: "mark", role: "img", "aria-label": fill(text.looks, String(look)), title: fill(text.looks, String(look)) }, `⚠ ${look}`)]),
    );
    made.style.top = `${at * rowHeight}px`;
    return made;
  };
  const page = (): number => Math.max(1, Math.floor(frame.clientHeight / rowHeight) - 1);
  const moves: Record<string, (at: number) => number> = {
    ArrowDown: (at) => at + 1,
    ArrowUp: (at) => at - 1,
    PageDown: (at) => at + page(),
    PageUp: (at) => at - page(),
    Home: () => 0,
    End: () => tables.length - 1,
  };
  root.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const at = (plain ? moves[event.key]?.(current) : undefined) ?? ahead.find(event, tables.map(({ name }) => name), current);
    const next = at === undefined ? undefined : tables[Math.min(Math.max(at, 0), tables.length - 1)];
    if (next === undefined) return;
    event.preventDefault();
    choose(next.name);
  });
  root.addEventListener("click", (event) => {
    const name = event.target instanceof Element ? event.target.closest("[role=option]")?.getAttribute("data-name") : undefined;
    if (typeof name === "string") choose(name);
  });
  frame.addEventListener("scroll", render, { passive: true });
  new ResizeObserver(render).observe(frame);

  return {
    root: frame,
    show(shown, selected, none) {
      tables = shown;
      current = tables.findIndex(({ name }) => name === selected);
      root.style.height = `${tables.length * rowHeight}px`;
      nothing.textContent = tables.length === 0 ? none : "";
      if (current < 0) root.removeAttribute("aria-activedescendant");
      else {
        root.setAttribute("aria-activedescendant", `table-${current}`);
        const top = current * rowHeight;
        if (top < frame.scrollTop) frame.scrollTop = top;
        else if (top + rowHeight > frame.scrollTop + frame.clientHeight && frame.clientHeight > 0) frame.scrollTop = top + rowHeight - frame.clientHeight;
      }
      render();
    },
  };
}
