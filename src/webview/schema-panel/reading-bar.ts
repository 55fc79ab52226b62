import type { FromSchemaPanel, SchemaPanelText } from "#protocol/schema-panel.ts";
import type { SchemaModel } from "#protocol/worker.ts";
import { element, fill } from "./element.ts";

/** The line that says what the types go by, while that is not all values: how far they are read, with a way to stop, or to begin. */
export interface ReadingBar {
  readonly root: HTMLElement;
  show(values: SchemaModel["values"], progress: { readonly done: number; readonly total: number } | undefined): void;
}

export function readingBar(text: SchemaPanelText, ask: (request: FromSchemaPanel) => void): ReadingBar {
  const words = element("span", {});
  const bar = element("div", { class: "bar-fill" });
  const track = element("div", { class: "bar-track", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, bar);
  const stop = element("vscode-button", { secondary: true }, text.stop);
  stop.addEventListener("click", () => {
    ask({ type: "stop" });
  });
  const read = element("vscode-button", { secondary: true }, text.read);
  read.addEventListener("click", () => {
    ask({ type: "read" });
  });
  const root = element("div", { class: "reading" }, words, track, stop, read);
  root.hidden = true;
  return {
    root,
    show(values, progress) {
      const under = progress !== undefined && values !== "stale";
      root.hidden = !under && (values === "none" || values === "read" || (values === "stale" && progress !== undefined));
      const percent = progress === undefined || progress.total === 0 ? 0 : Math.min(100, Math.floor((100 * progress.done) / progress.total));
      words.textContent = under ? fill(text.reading, String(percent)) : values === "stale" ? text.stale : text.unread;
      track.hidden = !under;
      track.setAttribute("aria-valuenow", String(percent));
      track.setAttribute("aria-label", words.textContent);
      bar.style.width = `${percent}%`;
      stop.hidden = !under;
      read.hidden = under;
    },
  };
}
