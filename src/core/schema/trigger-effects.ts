import type { Node, SetClause } from "#core/sql/nodes.ts";
import { parseStatement } from "#core/sql/parse.ts";
import { walk } from "#core/sql/walk.ts";
import type { Catalog } from "./catalog.ts";
import { foldName } from "./decision.ts";
import { nameText, type TriggerModel } from "./trigger-model.ts";

/** A change of rows; names are folded. */
export interface Write {
  readonly relation: string;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** Of an UPDATE: the columns it names; undefined when they are not known. */
  readonly columns: ReadonlySet<string> | undefined;
}

/** What triggers do to each other and to tables, directly and through those that they fire and the actions of foreign keys. */
export interface TriggerEffects {
  /** What its own statements change, foreign keys' actions included. */
  readonly ownWrites: (trigger: TriggerModel) => readonly Write[];
  /** The triggers that it fires in the end; itself among them when it would come around. */
  readonly fired: (trigger: TriggerModel) => ReadonlySet<TriggerModel>;
  /** Tables that its own statements read or change. */
  readonly ownTouched: (trigger: TriggerModel) => ReadonlySet<string>;
  /** Changes by it and by all that it fires. */
  readonly writes: (trigger: TriggerModel) => readonly Write[];
  /** Tables that it and all that it fires read or change. */
  readonly touched: (trigger: TriggerModel) => ReadonlySet<string>;
  /** Tables whose rows make a difference to it or to those that it fires: all but those that it only adds rows to. */
  readonly looksAt: (trigger: TriggerModel) => ReadonlySet<string>;
  /** Whether something else in the schema may fire it: another trigger, or a foreign key's action. */
  readonly firedElsewhere: (trigger: TriggerModel) => boolean;
}

/** Looks through all triggers of a catalog. */
export function triggerEffects(catalog: Catalog, triggers: readonly TriggerModel[]): TriggerEffects {
  const views = viewTables(catalog);
  const own = new Map(triggers.map((trigger) => [trigger, effectsOf(trigger, views)]));
  const ownWrites = new Map(triggers.map((trigger) => [trigger, withActions(catalog, own.get(trigger)?.writes ?? [])]));
  const direct = new Map(triggers.map((trigger) => [trigger, triggers.filter((other) => (ownWrites.get(trigger) ?? []).some((write) => fires(write, other)))]));
  const fired = (trigger: TriggerModel): Set<TriggerModel> => {
    const found = new Set<TriggerModel>();
    const open = [...(direct.get(trigger) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...(direct.get(next) ?? []));
    }
    return found;
  };
  const actions = catalog.tables.flatMap((table) => [...actionsOf(catalog, { relation: foldName(table.name), event: "DELETE", columns: undefined }), ...actionsOf(catalog, { relation: foldName(table.name), event: "UPDATE", columns: undefined })]);
  const all = (trigger: TriggerModel): readonly TriggerModel[] => [...new Set([trigger, ...fired(trigger)])];
  const ownTouched = (trigger: TriggerModel): ReadonlySet<string> => new Set([...(own.get(trigger)?.reads ?? []), ...(ownWrites.get(trigger) ?? []).map((write) => write.relation)]);
  return {
    ownWrites: (trigger) => ownWrites.get(trigger) ?? [],
    ownTouched,
    fired,
    writes: (trigger) => all(trigger).flatMap((each) => ownWrites.get(each) ?? []),
    touched: (trigger) => new Set(all(trigger).flatMap((each) => [...ownTouched(each)])),
    looksAt: (trigger) => new Set(all(trigger).flatMap((each) => [...(own.get(each)?.reads ?? []), ...(own.get(each)?.compares ?? []), ...(ownWrites.get(each) ?? []).filter((write) => write.event !== "INSERT").map((write) => write.relation)])),
    firedElsewhere: (trigger) => triggers.some((other) => other !== trigger && direct.get(other)?.includes(trigger) === true) || actions.some((write) => fires(write, trigger)),
  };
}

/** Whether a change fires a trigger. */
export function fires(write: Write, trigger: TriggerModel): boolean {
  if (write.relation !== trigger.relation || write.event !== trigger.event) return false;
  return trigger.columns === undefined || write.columns === undefined || trigger.columns.some((column) => write.columns?.has(column) === true);
}

/** Changes, and those that foreign keys make of them in turn. */
export function withActions(catalog: Catalog, writes: readonly Write[]): readonly Write[] {
  const found = [...writes];
  for (let i = 0; i < found.length; i++) {
    const write = found[i];
    if (write === undefined) continue;
    for (const action of actionsOf(catalog, write)) if (!found.some((each) => sameWrite(each, action))) found.push(action);
  }
  return found;
}

function sameWrite(a: Write, b: Write): boolean {
  return a.relation === b.relation && a.event === b.event && (a.columns === b.columns || (a.columns !== undefined && b.columns !== undefined && a.columns.size === b.columns.size && [...a.columns].every((column) => b.columns?.has(column) === true)));
}

/** What foreign keys do when a row of the parent goes or gets another key. */
function actionsOf(catalog: Catalog, { relation, event, columns }: Write): Write[] {
  if (event === "INSERT") return [];
  return catalog.tables.flatMap((table) =>
    table.foreignKeys.flatMap((key): Write[] => {
      if (foldName(key.parent) !== relation) return [];
      if (event === "UPDATE" && columns !== undefined && !key.parentColumns.some((column) => columns.has(foldName(column)))) return [];
      const action = event === "DELETE" ? key.onDelete : key.onUpdate;
      if (action === "NO ACTION" || action === "RESTRICT") return [];
      const child = foldName(table.name);
      return event === "DELETE" && action === "CASCADE" ? [{ relation: child, event: "DELETE", columns: undefined }] : [{ relation: child, event: "UPDATE", columns: new Set(key.columns.map(foldName)) }];
    }),
  );
}

interface Effects {
  readonly writes: readonly Write[];
  readonly reads: ReadonlySet<string>;
  /** Tables into which it inserts by OR … or ON CONFLICT. */
  readonly compares: ReadonlySet<string>;
}

function effectsOf({ statement }: TriggerModel, views: ReadonlyMap<string, ReadonlySet<string>>): Effects {
  const writes: Write[] = [];
  const reads = new Set<string>();
  const compares = new Set<string>();
  for (const root of [...statement.body, ...(statement.when === undefined ? [] : [statement.when])]) {
    for (const name of relationsIn(root)) for (const table of views.get(name) ?? [name]) reads.add(table);
    walk(root, {
      enter(node) {
        if (node.kind === "InsertStatement") {
          const relation = foldName(nameText(node.table.name));
          writes.push({ relation, event: "INSERT", columns: undefined });
          if (node.or !== undefined || node.verb !== "INSERT" || node.upserts.length > 0) compares.add(relation);
          for (const upsert of node.upserts) if (upsert.set !== undefined) writes.push({ relation, event: "UPDATE", columns: assigned(upsert.set) });
        } else if (node.kind === "UpdateStatement") {
          writes.push({ relation: foldName(nameText(node.table.name)), event: "UPDATE", columns: node.set.kind === "SetClause" ? assigned(node.set) : undefined });
        } else if (node.kind === "DeleteStatement") writes.push({ relation: foldName(nameText(node.table.name)), event: "DELETE", columns: undefined });
      },
    });
  }
  return { writes, reads, compares };
}

function assigned(set: SetClause): ReadonlySet<string> {
  return new Set(set.assignments.flatMap((each) => (each.kind !== "Assignment" ? [] : each.target.kind === "NameList" ? each.target.names.map((name) => foldName(nameText(name))) : [foldName(nameText(each.target))])));
}

/** Names of tables and views that are read, folded. */
function relationsIn(root: Node): string[] {
  const found: string[] = [];
  walk(root, {
    enter(node) {
      if (node.kind === "TableReference" || node.kind === "InTable") found.push(foldName(nameText(node.table.name)));
    },
  });
  return found;
}

/** The tables behind each view, itself among them. */
function viewTables(catalog: Catalog): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map(catalog.views.map((view) => [foldName(view.name), relationsIn(parseStatement(view.sql))]));
  return new Map(
    [...direct.keys()].map((view) => {
      const found = new Set<string>([view]);
      for (const name of found) for (const read of direct.get(name) ?? []) found.add(read);
      return [view, found] as const;
    }),
  );
}
