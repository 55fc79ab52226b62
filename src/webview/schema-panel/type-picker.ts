import type { SchemaPanelText } from "#protocol/schema-panel.ts";
import type { ColumnModel, TypeChoice } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";
import { typeAhead } from "./type-ahead.ts";

/** The drop-down in which a column's type is chosen: one for the whole page, at whichever button it was opened. */
export interface TypePicker {
  /** The button of a column, which shows its type. */
  button(column: ColumnModel): HTMLButtonElement;
  close(): void;
}

const signs: Readonly<Record<TypeChoice["fit"], string>> = { whole: "✓", changed: "~", refused: "✗", unknown: "" };

/**
 * A select-only combobox: the focus stays on the button, the arrow keys go through the list, letters look for a type, Enter chooses, Escape leaves.
 * @param choose called with the column's name and the type; undefined for the automatic one
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/examples/combobox-select-only/
 */
export function typePicker(text: SchemaPanelText, choose: (column: string, type: string | undefined) => void): TypePicker {
  const list = element("ul", { class: "types", role: "listbox", id: "types", popover: "manual" });
  document.body.append(list);
  const ahead = typeAhead();
  let open: { readonly button: HTMLButtonElement; readonly column: ColumnModel; readonly entries: readonly (TypeChoice | undefined)[]; at: number } | undefined;

  const close = (): void => {
    if (open === undefined) return;
    open.button.setAttribute("aria-expanded", "false");
    open.button.removeAttribute("aria-activedescendant");
    open = undefined;
    list.hidePopover();
  };
  const take = (): void => {
    if (open === undefined) return;
    const { column, entries, at } = open;
    close();
    const type = entries[at]?.type;
    if (column.overridden ? column.type !== type : type !== undefined) choose(column.name, type);
  };
  const move = (to: number): void => {
    if (open === undefined) return;
    open.at = Math.min(Math.max(to, 0), open.entries.length - 1);
    for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === open.at));
    open.button.setAttribute("aria-activedescendant", `type-${open.at}`);
    list.children[open.at]?.scrollIntoView({ block: "nearest" });
  };
  const show = (button: HTMLButtonElement, column: ColumnModel): void => {
    close();
    const entries: readonly (TypeChoice | undefined)[] = [undefined, ...column.choices];
    open = { button, column, entries, at: 0 };
    list.setAttribute("aria-label", fill(text.typeOf, column.name, column.postgresType));
    list.replaceChildren(...entries.map((entry, i) => option(entry, i, column)));
    button.setAttribute("aria-expanded", "true");
    list.showPopover();
    place(list, button);
    move(column.overridden ? entries.findIndex((entry) => entry?.type === column.type) : 0);
  };
  const option = (choice: TypeChoice | undefined, i: number, column: ColumnModel): HTMLElement => {
    const current = choice === undefined ? !column.overridden : column.overridden && choice.type === column.type;
    const note = choice === undefined ? "" : choice.fit === "whole" ? text.holds : choice.note;
    return element(
      "li",
      { role: "option", id: `type-${i}`, class: `${choice?.fit ?? "automatic"}${current ? " current" : ""}`, "data-place": String(i), "aria-selected": "false" },
      element("span", { class: "sign", "aria-hidden": "true" }, choice === undefined ? "" : signs[choice.fit]),
      element("span", { class: "type" }, choice === undefined ? fill(text.automatic, column.automatic) : choice.type),
      element("span", { class: "note" }, note),
    );
  };

  const keys: Readonly<Record<string, () => void>> = {
    Enter: take,
    " ": take,
    Escape: close,
    Tab: close,
    ArrowDown: () => { move((open?.at ?? 0) + 1); },
    ArrowUp: () => { move((open?.at ?? 0) - 1); },
    Home: () => { move(0); },
    End: () => { move(Infinity); },
  };
  list.addEventListener("pointerdown", (event) => {
    // The button keeps the focus.
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target.closest("[data-place]")?.getAttribute("data-place") : undefined;
    if (typeof at !== "string" || open === undefined) return;
    open.at = Number(at);
    take();
  });

  return {
    close,
    button(column) {
      const label = fill(text.typeOf, column.name, column.postgresType);
      const made = element("button", { class: "picker", role: "combobox", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": "types", "aria-label": label }, element("span", {}, column.postgresType));
      made.addEventListener("click", () => {
        if (open?.button === made) close();
        else show(made, column);
      });
      made.addEventListener("blur", close);
      made.addEventListener("keydown", (event) => {
        if (open?.button !== made) {
          if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.altKey) show(made, column);
          else return;
        } else {
          const key = event.altKey && event.key === "ArrowUp" ? take : keys[event.key];
          if (key !== undefined) key();
          else {
            const found = ahead.find(event, open.entries.map((entry) => entry?.type ?? ""), open.at);
            if (found === undefined) return;
            move(found);
          }
          if (event.key === "Tab") return;
        }
        event.preventDefault();
        event.stopPropagation();
      });
      return made;
    },
  };
}

/** Below the button, or above it where there is more room. */
function place(list: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - 8;
  const above = at.top - 8;
  const up = below < Math.min(list.scrollHeight, 240) && above > below;
  list.style.maxHeight = `${Math.max(80, up ? above : below)}px`;
  list.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - list.offsetWidth - 8))}px`;
  list.style.top = up ? "auto" : `${at.bottom + 2}px`;
  list.style.bottom = up ? `${window.innerHeight - at.top + 2}px` : "auto";
}
