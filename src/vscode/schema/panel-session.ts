import * as vscode from "vscode";
import type { FromSchemaPanel, ToSchemaPanel } from "#protocol/schema-panel.ts";
import type { SchemaModel, SchemaSource } from "#protocol/worker.ts";
import type { Services } from "../contribution.ts";
import type { Disposable } from "../disposable.ts";
import { problemOf, problemText } from "../problem.ts";
import { Cancelled } from "../worker-client.ts";
import { choiceHistory, type ChoiceStep } from "./choice-history.ts";
import { requestOf } from "./schema-request.ts";
import { watchSource } from "./watch-source.ts";
import { writeChoice } from "./write-choice.ts";

/** A place in code. */
export interface CodePlace {
  readonly line: number;
  readonly character: number;
}

/** What one panel shows, kept up with its source, with cutover.json and with what a person chooses. */
export interface PanelSession extends Disposable {
  readonly model: () => SchemaModel | undefined;
  /** Shows a table, by its name or by the place in code where it is created. */
  show(table: string | undefined, at?: CodePlace): Promise<void>;
  /** Reads again, the values too. */
  reload(): Promise<void>;
  /** Goes on reading the values after a stop. */
  read(): void;
  stop(): void;
  choose(request: Extract<FromSchemaPanel, { type: "choose" }>): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** While it is not seen, a panel follows nothing; it catches up when it is. */
  seen(visible: boolean): void;
}

/** Milliseconds between two news of how far the values are read. */
const newsInterval = 200;

/** Milliseconds between two looks at what has been found so far. */
const partInterval = 2_000;

/** A database that is written to all the time is not read all the time: so much longer than reading it took is waited. */
const patience = { least: 2_000, times: 4 } as const;

export function panelSession(services: Services, source: SchemaSource, tell: (message: ToSchemaPanel) => void): PanelSession {
  const { worker, log } = services;
  const history = choiceHistory();
  let model: SchemaModel | undefined;
  let table: string | undefined;
  let place: CodePlace | undefined;
  let asking: Promise<void> | undefined;
  let again = false;
  const gone = new AbortController();
  let reading: AbortController | undefined;
  let stopped = false;
  let took = 0;
  let later: NodeJS.Timeout | undefined;
  let visible = true;
  let behind = false;
  let choices: Promise<void> = Promise.resolve();

  const failed = (error: unknown): void => {
    if (error instanceof Cancelled) return;
    const problem = problemOf(error);
    log.error(`${source.source}: ${problemText(problem)}`);
    tell({ type: "problem", problem });
  };

  /** Asks, one question at a time: what is asked for meanwhile is asked afterwards, once, as things are then. */
  const refresh = (at?: CodePlace): Promise<void> => {
    place = at ?? place;
    again = true;
    asking ??= (async () => {
      while (again && !gone.signal.aborted) {
        again = false;
        await askOnce();
      }
      asking = undefined;
    })();
    return asking;
  };

  /** Whether another table has been asked for since. */
  const isOutdated = (wanted: string | undefined): boolean => table !== wanted || place !== undefined;

  const askOnce = async (): Promise<void> => {
    const [wanted, at] = [table, place];
    place = undefined;
    if (model === undefined) tell({ type: "loading" });
    try {
      const answer = await worker.ask("schema", { ...(await requestOf(source)), table: wanted, at }, gone.signal);
      if (isOutdated(wanted)) return;
      model = answer;
      table = answer.table?.name ?? table;
      tell({ type: "model", model });
      tell({ type: "problem", problem: undefined });
    } catch (error) {
      failed(error);
      return;
    }
    if (reading !== undefined || stopped) return;
    if (model.values === "unread") void readValues();
    else if (model.values === "stale") {
      clearTimeout(later);
      later = setTimeout(() => void readValues(), Math.max(patience.least, took * patience.times));
    }
  };

  const readValues = async (): Promise<void> => {
    clearTimeout(later);
    if (reading !== undefined) return;
    const controller = (reading = new AbortController());
    const began = Date.now();
    const first = model?.values === "unread";
    let told = 0;
    let shown = began;
    try {
      if (first) tell({ type: "reading", progress: { done: 0, total: 0 } });
      await worker.ask("profile", await requestOf(source), controller.signal, (progress) => {
        if (Date.now() - told < newsInterval) return;
        told = Date.now();
        tell({ type: "reading", progress });
        // What has been found of some tables is shown while others are still read.
        if (visible && Date.now() - shown > partInterval) {
          shown = Date.now();
          void refresh();
        }
      });
      took = Date.now() - began;
      if (first && took > 1_000) tell({ type: "say", text: vscode.l10n.t("All values are read: the types go by them.") });
    } catch (error) {
      if (controller.signal.aborted) stopped = true;
      failed(error);
      if (!(error instanceof Cancelled)) stopped = true;
    } finally {
      reading = undefined;
      tell({ type: "reading", progress: undefined });
    }
    if (!controller.signal.aborted && !stopped) await refresh();
  };

  const name = ({ table: of, column }: ChoiceStep): string => `${of}.${column}`;
  const tellHistory = (): void => {
    const [undo, redo] = [history.undoable(), history.redoable()];
    tell({
      type: "history",
      undo: undo === undefined ? undefined : vscode.l10n.t("Undo: {0} back to {1}", name(undo), undo.before ?? vscode.l10n.t("automatic")),
      redo: redo === undefined ? undefined : vscode.l10n.t("Redo: {0} to {1}", name(redo), redo.after ?? vscode.l10n.t("automatic")),
    });
  };

  /** One choice after the other: each writes the file that the one before has written. */
  const inTurn = (write: () => Promise<void>): Promise<void> => {
    choices = choices.then(write).catch(failed).then(tellHistory);
    return choices;
  };
  const write = async (step: ChoiceStep, type: string | undefined): Promise<void> => {
    table = step.table;
    await writeChoice(services, source, { table: step.table, column: step.column, type }, () => refresh());
    const automatic = model?.table?.columns.find((column) => column.name === step.column)?.automatic ?? "";
    tell({ type: "say", text: type === undefined ? vscode.l10n.t("{0} is {1} again, by itself", name(step), automatic) : vscode.l10n.t("{0} is {1} now, written to cutover.json", name(step), type) });
  };

  const watching = watchSource(source, () => {
    if (visible) void refresh();
    else behind = true;
  });

  return {
    model: () => model,
    show(wanted, at) {
      table = wanted ?? table;
      tellHistory();
      return refresh(at);
    },
    async reload() {
      stopped = false;
      await refresh();
    },
    read() {
      stopped = false;
      void readValues();
    },
    stop() {
      stopped = true;
      clearTimeout(later);
      reading?.abort();
    },
    choose({ table: of, column, postgresType }) {
      return inTurn(async () => {
        const known = model?.table?.name === of ? model.table.columns.find((each) => each.name === column) : undefined;
        const step = { table: of, column, before: known?.overridden === true ? known.type : undefined, after: postgresType };
        await write(step, postgresType);
        history.add(step);
      });
    },
    undo: () =>
      inTurn(async () => {
        const step = history.undoable();
        if (step === undefined) return;
        await write(step, step.before);
        history.undone();
      }),
    redo: () =>
      inTurn(async () => {
        const step = history.redoable();
        if (step === undefined) return;
        await write(step, step.after);
        history.redone();
      }),
    seen(now) {
      visible = now;
      if (!visible || !behind) return;
      behind = false;
      void refresh();
    },
    dispose() {
      watching.dispose();
      clearTimeout(later);
      gone.abort();
      reading?.abort();
    },
  };
}
