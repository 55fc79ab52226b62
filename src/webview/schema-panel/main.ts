/** The schema panel's page: shows one model, asks the extension for everything else. */
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-collapsible/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { isToSchemaPanel, parseSchemaPanelState, type FromSchemaPanel, type SchemaPanelState, type SchemaPanelText } from "#protocol/schema-panel.ts";
import type { Problem, SchemaModel } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";
import "./schema-panel.css";
import { tableList } from "./table-list.ts";
import { tableView } from "./table-view.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromSchemaPanel): void; getState(): unknown; setState(state: SchemaPanelState): void };

const editor = acquireVsCodeApi();
const { root: folder = "", source = "", text: textJson = "{}" } = document.body.dataset;
// Written by the extension into its own page.
const text = JSON.parse(textJson) as SchemaPanelText;
const panel = document.getElementById("panel");
let state: SchemaPanelState = parseSchemaPanelState(editor.getState()) ?? { root: folder, source, table: undefined, filter: "" };
let showModel: ((model: SchemaModel) => void) | undefined;

function keep(change: Partial<SchemaPanelState>): void {
  state = { ...state, ...change };
  editor.setState(state);
}

function button(label: string, request: FromSchemaPanel["type"], secondary: boolean): HTMLElement {
  const made = element("vscode-button", { secondary }, label);
  made.addEventListener("click", () => {
    editor.postMessage({ type: request });
  });
  return made;
}

function show(...content: readonly Node[]): void {
  showModel = undefined;
  panel?.replaceChildren(...content);
}

function showLoading(): void {
  show(element("div", { class: "message", role: "status" }, element("vscode-progress-ring", { "aria-hidden": "true" }), element("p", {}, fill(text.reading, source))));
}

function showProblem({ what, where, why, next }: Problem): void {
  const lines = [where, why, next].filter((line) => line !== undefined).map((line) => element("p", {}, line));
  show(element("div", { class: "message problem", role: "alert" }, element("h1", {}, what), ...lines, button(text.reload, "reload", false)));
}

/** Builds the frame once; a newer model only fills it, so that focus and filter stay. */
function buildFrame(): (model: SchemaModel) => void {
  let shown: SchemaModel | undefined;
  const content = element("div", { class: "content" });
  const list = tableList(text.tables, text.noTable, (name) => {
    keep({ table: name });
    refresh(true);
  });
  const filter = element("vscode-textfield", { placeholder: text.filter, label: text.filter, "aria-label": text.filter, type: "search", value: state.filter });
  filter.addEventListener("input", () => {
    const value: unknown = Reflect.get(filter, "value");
    keep({ filter: typeof value === "string" ? value : "" });
    refresh(false);
  });
  const summary = element("span", { class: "summary" });
  const refresh = (tableToo: boolean): void => {
    if (shown === undefined) return;
    const table = shown.tables.find((one) => one.name === state.table) ?? shown.tables[0];
    list.show(shown.tables, state.filter, table?.name);
    if (!tableToo) return;
    content.replaceChildren(table === undefined ? element("p", { class: "none" }, fill(text.empty, source)) : tableView(table, text), reportedView(shown));
    content.scrollTop = 0;
  };
  show(
    element(
      "header",
      { class: "bar" },
      element("h1", {}, source),
      summary,
      element("div", { class: "actions" }, button(text.save, "save", false), button(text.copy, "copy", true), button(text.open, "open", true), button(text.reload, "reload", true)),
    ),
    element("div", { class: "body" }, element("nav", { class: "tables", "aria-label": text.tables }, filter, list.root), content),
  );
  return (model) => {
    shown = model;
    summary.textContent = `${text.tables}: ${model.tables.length} · ${text.reported}: ${model.reported.length}`;
    refresh(true);
  };
}

function reportedView(model: SchemaModel): HTMLElement {
  const count = model.reported.length;
  if (count === 0) return element("p", { class: "none" }, fill(text.nothingReported, model.source));
  return element(
    "vscode-collapsible",
    { class: "reported", heading: `${text.reported} (${count})`, open: true },
    element(
      "ul",
      {},
      ...model.reported.map(({ kind, name, outcome, reason }) =>
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
    ),
  );
}

window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (!isToSchemaPanel(data)) return;
  switch (data.type) {
    case "loading":
      showLoading();
      break;
    case "failed":
      showProblem(data.problem);
      break;
    case "model": {
      const fillFrame = showModel ?? buildFrame();
      fillFrame(data.model);
      showModel = fillFrame;
      break;
    }
  }
});

editor.setState(state);
editor.postMessage({ type: "ready" });
