import type { SchemaPanelText } from "#protocol/schema-panel.ts";
import type { SchemaModel, TableModel } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";

/** What of the source has no counterpart, or not a whole one, with the reasons; made when it is opened, as there may be hundreds. */
export function reportedView({ reported, source }: SchemaModel, text: SchemaPanelText): HTMLElement {
  const count = reported.length;
  if (count === 0) return element("p", { class: "none" }, fill(text.nothingReported, source));
  const list = element("ul", {});
  const made = element("details", { class: "reported" }, element("summary", {}, `${text.reported} (${count})`), list);
  const fillList = (): void => {
    if (list.childElementCount > 0) return;
    list.append(
      ...reported.map(({ kind, name, outcome, reason }) =>
        element(
          "li",
          {},
          element("span", { class: "kind" }, kind),
          " ",
          element("strong", {}, name),
          " ",
          element("vscode-badge", { class: outcome }, outcome === "left-out" ? text.leftOut : text.changed),
          element("span", { class: "reason" }, reason),
        ),
      ),
    );
  };
  made.addEventListener("toggle", fillList);
  return made;
}

/** What PostgreSQL could do for a table besides, with its price; nothing where there is nothing. */
export function offersView(table: TableModel | undefined, text: SchemaPanelText): readonly HTMLElement[] {
  if (table === undefined || table.offers.length === 0) return [];
  const offers = table.offers.map(({ reason, costs, how }) =>
    element("li", {}, reason, ...costs.map((cost) => element("span", { class: "reason" }, fill(text.costs, cost))), element("pre", { class: "how", tabindex: "0" }, how)),
  );
  return [element("details", { class: "reported" }, element("summary", {}, `${text.offered} (${table.offers.length})`), element("ul", {}, ...offers))];
}
