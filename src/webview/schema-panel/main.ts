/** The schema panel's page: shows one model, asks the extension for everything else. */
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-checkbox/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { isToSchemaPanel, parseSchemaPanelState, type FromSchemaPanel, type PanelAction, type SchemaPanelState, type SchemaPanelText } from "#protocol/schema-panel.ts";
import type { Problem, SchemaModel } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";
import { keptPlace } from "./kept-place.ts";
import { readingBar } from "./reading-bar.ts";
import { offersView, reportedView } from "./reported-view.ts";
import "./schema-panel.css";
import { shownTables } from "./shown-tables.ts";
import { tableList } from "./table-list.ts";
import { tableView } from "./table-view.ts";
import { typePicker } from "./type-picker.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromSchemaPanel): void; getState(): unknown; setState(state: SchemaPanelState): void };

const editor = acquireVsCodeApi();
const { root: folder = "", source = "", code = "false", text: textJson = "{}" } = document.body.dataset;
// Written by the extension into its own page.
const text = JSON.parse(textJson) as SchemaPanelText;
const panel = document.getElementById("panel");
let state: SchemaPanelState = parseSchemaPanelState(editor.getState()) ?? { root: folder, source, code: code === "true", table: undefined, filter: "", look: false };
let frame: Frame | undefined;
let history: { readonly undo: string | undefined; readonly redo: string | undefined } = { undo: undefined, redo: undefined };
let progress: { readonly done: number; readonly total: number } | undefined;

/** The page once there is a model; newer ones fill it, so that focus, filter and what is scrolled stay. */
interface Frame {
  show(model: SchemaModel): void;
  /** History and progress as they are now. */
  tell(): void;
  problem(problem: Problem | undefined): void;
}

const live = element("div", { class: "for-readers", role: "status", "aria-live": "polite" });
document.body.append(live);

function ask(message: FromSchemaPanel): void {
  editor.postMessage(message);
}

function keep(change: Partial<SchemaPanelState>): void {
  state = { ...state, ...change };
  editor.setState(state);
}

function button(label: string, request: PanelAction, secondary: boolean): HTMLElement {
  const made = element("vscode-button", { secondary, "data-action": request }, label);
  made.addEventListener("click", () => {
    ask({ type: request });
  });
  return made;
}

function showLoading(): void {
  frame = undefined;
  panel?.replaceChildren(element("div", { class: "message", role: "status" }, element("vscode-progress-ring", { "aria-hidden": "true" }), element("p", {}, fill(text.loading, source))));
}

/** A problem on a page of its own, when there is nothing else to show, or above what is shown. */
function problemView({ tag, what, where, why, next }: Problem): HTMLElement {
  const lines = [where, why, next].filter((line) => line !== undefined).map((line) => element("p", {}, line));
  return element("div", { class: "message problem", role: "alert" }, element("h2", {}, what), ...lines, tag === "config-invalid" ? button(text.config, "config", false) : button(text.reload, "reload", false));
}

function buildFrame(): Frame {
  let model: SchemaModel | undefined;
  let shownTable = "";
  const content = element("div", { class: "content" });
  const banner = element("div", { class: "banner" });
  const notes = element("ul", { class: "notes" });
  const summary = element("span", { class: "summary" });
  const undo = button(text.undo, "undo", true);
  const redo = button(text.redo, "redo", true);
  const reading = readingBar(text, ask);
  const choose = (column: string, type: string | undefined): void => {
    if (model?.table !== undefined) ask({ type: "choose", table: model.table.name, column, postgresType: type });
  };
  const picker = typePicker(text, choose);
  const list = tableList(text, (name) => {
    keep({ table: name });
    showList();
    ask({ type: "show", table: name });
  });
  const filter = element("vscode-textfield", { placeholder: text.filter, label: text.filter, "aria-label": text.filter, type: "search", value: state.filter });
  filter.addEventListener("input", () => {
    const value: unknown = Reflect.get(filter, "value");
    keep({ filter: typeof value === "string" ? value : "" });
    showList();
    showTable(true);
  });
  const look = element("vscode-checkbox", { label: text.needsLook, checked: state.look });
  look.addEventListener("change", () => {
    keep({ look: look.checked });
    showList();
    showTable(true);
  });

  const showList = (): void => {
    if (model === undefined) return;
    const tables = shownTables(model.tables, state.filter, state.look);
    const none = state.look && state.filter.trim() === "" ? text.nothingToLookAt : text.noTable;
    list.show(tables, state.table ?? model.table?.name, model.tables.length === 0 ? fill(text.empty, source) : none);
  };
  const showTable = (force: boolean): void => {
    if (model === undefined) return;
    const { table } = model;
    const now = JSON.stringify([table, model.reported]);
    if (now === shownTable && !force) return;
    const again = shownTable !== "" && content.querySelector("#table-name")?.textContent === table?.name;
    shownTable = now;
    const place = keptPlace(content);
    picker.close();
    const options = { text, picker, look: state.look, filter: state.filter, choose: (column: { readonly name: string }, type: string | undefined) => { choose(column.name, type); } };
    content.replaceChildren(table === undefined ? element("p", { class: "none" }, fill(text.empty, source)) : tableView(table, options), ...offersView(table, text), reportedView(model, text));
    place(again);
  };
  const tell = (): void => {
    for (const [made, what] of [[undo, history.undo], [redo, history.redo]] as const) {
      made.toggleAttribute("disabled", what === undefined);
      if (what === undefined) made.removeAttribute("title");
      else made.setAttribute("title", what);
    }
    if (model !== undefined) reading.show(model.values, progress);
  };

  panel?.replaceChildren(
    element(
      "header",
      { class: "bar" },
      element("h1", {}, source),
      summary,
      element(
        "div",
        { class: "actions", role: "toolbar", "aria-label": source },
        undo,
        redo,
        ...(state.code ? [] : [button(text.apply, "apply", false)]),
        button(text.save, "save", true),
        button(text.copy, "copy", true),
        button(text.open, "open", true),
        button(text.diff, "diff", true),
        button(text.reload, "reload", true),
      ),
    ),
    reading.root,
    banner,
    notes,
    element("div", { class: "body" }, element("nav", { class: "tables", "aria-label": text.tables }, filter, look, list.root), content),
  );
  return {
    show(next) {
      model = next;
      if (next.table !== undefined) keep({ table: next.table.name });
      const columns = next.tables.reduce((sum, table) => sum + table.columns.length, 0);
      const looks = next.tables.reduce((sum, table) => sum + table.look, 0);
      summary.textContent = [fill(text.summary, next.tables.length.toLocaleString(), columns.toLocaleString()), ...(looks === 0 ? [] : [fill(text.looks, looks.toLocaleString())])].join(" · ");
      notes.replaceChildren(...next.notes.map((note) => element("li", {}, note)));
      showList();
      showTable(false);
      tell();
    },
    tell,
    problem(problem) {
      banner.replaceChildren(...(problem === undefined ? [] : [problemView(problem)]));
    },
  };
}

window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  if (!isToSchemaPanel(data)) return;
  switch (data.type) {
    case "loading":
      showLoading();
      break;
    case "problem":
      if (frame !== undefined) frame.problem(data.problem);
      else if (data.problem !== undefined) panel?.replaceChildren(problemView(data.problem));
      break;
    case "model":
      frame ??= buildFrame();
      frame.show(data.model);
      break;
    case "reading":
      progress = data.progress;
      frame?.tell();
      break;
    case "history":
      history = { undo: data.undo, redo: data.redo };
      frame?.tell();
      break;
    case "say":
      live.textContent = data.text;
      break;
  }
});

/** Undo and redo as in an editor, but for text that is being typed. */
window.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.composedPath().some((part) => part instanceof HTMLInputElement)) return;
  const key = event.key.toLowerCase();
  const request = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : undefined;
  if (request === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  ask({ type: request });
});

editor.setState(state);
ask({ type: "ready", table: state.table });
