import type { ColumnModel } from "#protocol/worker.ts";
import { element } from "./element.ts";
import { styleSql } from "./sql-tokens.ts";

type Place = { readonly start: number; readonly end: number };

/** The text of a table's DDL, each column's definition in an element that carries its name in `data-column`. */
export function ddlView(label: string, ddl: string, columns: readonly ColumnModel[], placeOf: (column: ColumnModel) => Place | undefined): HTMLElement {
  const code = element("code", {});
  let at = 0;
  const places = columns
    .flatMap((column) => {
      const place = placeOf(column);
      return place === undefined ? [] : [{ column: column.name, ...place }];
    })
    .sort((a, b) => a.start - b.start);
  for (const { column, start, end } of places) {
    if (start < at) continue;
    code.append(...styled(ddl.slice(at, start)), element("span", { class: "definition", "data-column": column }, ...styled(ddl.slice(start, end))));
    at = end;
  }
  code.append(...styled(ddl.slice(at)));
  const text = element("pre", { tabindex: "0", "aria-label": label }, code);
  return element("figure", { class: "ddl" }, element("figcaption", {}, label), text);
}

function styled(sql: string): Node[] {
  return styleSql(sql).map(({ style, text }) => (style === "plain" ? document.createTextNode(text) : element("span", { class: style }, text)));
}
