import type { Catalog } from "./catalog.ts";
import { foldName } from "./decision.ts";
import { nameAllocator } from "./target-names.ts";
import { withActions, type TriggerEffects } from "./trigger-effects.ts";
import type { TriggerModel } from "./trigger-model.ts";

/** What a trigger and its function are called in PostgreSQL. */
export interface TriggerNames {
  readonly trigger: string;
  readonly function: string;
  /** It has a number, so that it runs in SQLite's order. */
  readonly numbered: boolean;
  /** PostgreSQL checks foreign keys before it, SQLite after it, and its name cannot change that without another change. */
  readonly afterForeignKeys: boolean;
}

/**
 * PostgreSQL runs the triggers of a table by name, SQLite the newest first: where the names do not give that order, they get a
 * number. PostgreSQL's foreign keys are triggers, too, called RI_ConstraintTrigger_…: SQLite carries out their actions before the
 * AFTER triggers, and looks for missing parents when the statement is done.
 * @see https://www.postgresql.org/docs/current/sql-createtrigger.html
 */
export function triggerNames(catalog: Catalog, triggers: readonly TriggerModel[], effects: TriggerEffects, functions: ReadonlyMap<TriggerModel, string>): ReadonlyMap<TriggerModel, TriggerNames> {
  const taken = nameAllocator();
  const found = new Map<TriggerModel, TriggerNames>();
  for (const group of groups(triggers)) {
    const places = group.map((trigger) => (trigger.timing === "AFTER" ? foreignKeyPlace(catalog, trigger, effects) : "any"));
    // One that must come early takes those before it along; none before it may need to come late.
    const lastEarly = places.lastIndexOf("early");
    const firstLate = places.indexOf("late");
    const isEarly = group.map((_, i) => lastEarly >= 0 && i <= lastEarly && (firstLate < 0 || i < firstLate));
    const natural = group.map((trigger) => functions.get(trigger) ?? "");
    const fits = natural.every((name, i) => {
      const placed = places[i] === "any" || (isEarly[i] === true ? name < foreignKeyTrigger : name > foreignKeyTrigger);
      return placed && natural.slice(i + 1).every((other, j) => name < other || group[i]?.event !== group[i + 1 + j]?.event);
    });
    group.forEach((trigger, i) => {
      const name = natural[i] ?? "";
      const numbered = `${isEarly[i] === true ? "A" : "t"}${String(i + 1).padStart(String(group.length).length, "0")}_${name}`;
      found.set(trigger, { trigger: taken.take(fits ? name : numbered), function: name, numbered: !fits, afterForeignKeys: places[i] === "early" && isEarly[i] !== true });
    });
  }
  return found;
}

/** How the names of PostgreSQL's own triggers for foreign keys begin. */
const foreignKeyTrigger = "RI_ConstraintTrigger_";

/** Triggers that may meet on one row, in the order in which SQLite runs them. */
function groups(triggers: readonly TriggerModel[]): (readonly TriggerModel[])[] {
  const found = new Map<string, TriggerModel[]>();
  for (const trigger of triggers.toReversed()) {
    const key = `${trigger.timing} ${trigger.relation}`;
    found.set(key, [...(found.get(key) ?? []), trigger]);
  }
  return [...found.values()];
}

/** Whether an AFTER trigger must run before what PostgreSQL does for foreign keys, after it, or either. */
function foreignKeyPlace(catalog: Catalog, trigger: TriggerModel, effects: TriggerEffects): "early" | "late" | "any" {
  const { relation, event } = trigger;
  const touched = effects.touched(trigger);
  /** Whether it changes these columns of a table, or its rows by this event. */
  const changes = (table: string, rows: "INSERT" | "DELETE", columns: readonly string[]): boolean =>
    effects.writes(trigger).some((write) => write.relation === table && (write.event === rows || (write.event === "UPDATE" && (write.columns === undefined || columns.some((column) => write.columns?.has(foldName(column)) === true)))));
  if (event !== "INSERT") {
    const actions = withActions(catalog, [{ relation, event, columns: undefined }]).slice(1);
    if (actions.some((write) => touched.has(write.relation))) return "late";
    const children = catalog.tables.flatMap((table) => table.foreignKeys.filter((key) => foldName(key.parent) === relation && !key.deferred).map((key) => ({ child: foldName(table.name), columns: key.columns, action: event === "DELETE" ? key.onDelete : key.onUpdate })));
    // SQLite refuses RESTRICT at once, and NO ACTION when the statement is done.
    if (children.some(({ child, action }) => action === "RESTRICT" && touched.has(child))) return "late";
    if (children.some(({ child, columns, action }) => action === "NO ACTION" && changes(child, "DELETE", columns))) return "early";
  }
  const own = catalog.tables.find((table) => foldName(table.name) === relation);
  return event !== "DELETE" && own?.foreignKeys.some((key) => !key.deferred && changes(foldName(key.parent), "INSERT", key.parentColumns)) === true ? "early" : "any";
}
