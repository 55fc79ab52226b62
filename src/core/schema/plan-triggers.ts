import type { Expression, Node, Statement } from "#core/sql/nodes.ts";
import { postgresIdentifier } from "#core/sql/postgres-identifier.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import type { Catalog, Table, Trigger } from "./catalog.ts";
import type { DdlContext } from "./column-scope.ts";
import { foldName } from "./decision.ts";
import { isRow, ownTableUse } from "./own-row.ts";
import type { PlannedObject, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";
import type { RowVariable, StatementTranslator } from "./statement-translator.ts";
import { nameAllocator, targetColumn, targetRelation } from "./target-names.ts";
import { indented, translateStep, translateTruth, type BodyContext } from "./trigger-body.ts";
import { fires, triggerEffects, type TriggerEffects } from "./trigger-effects.ts";
import { nameText, readTrigger, type TriggerModel } from "./trigger-model.ts";
import { triggerNames, type TriggerNames } from "./trigger-names.ts";
import { refuse, Untranslatable } from "./translated-value.ts";

/** What the planning of triggers needs; `objects` and `reported` are added to. */
export interface TriggerPlanning {
  readonly catalog: Catalog;
  readonly ddl: DdlContext;
  readonly translate: StatementTranslator;
  /** What stands before the names of tables, views and functions in DDL. */
  readonly prefix: string;
  /** With what was planned so far, views included. */
  readonly objects: PlannedObject[];
  readonly reported: ReportedObject[];
}

/** A trigger among all others of its catalog. */
interface Surroundings extends TriggerPlanning {
  readonly models: readonly TriggerModel[];
  readonly effects: TriggerEffects;
  /** The functions' names. */
  readonly functions: ReadonlyMap<TriggerModel, string>;
}

/** A trigger's parts in PostgreSQL's words. */
interface Translated {
  readonly model: TriggerModel;
  readonly notes: string[];
  /** The function's statements. */
  readonly lines: readonly string[];
  readonly event: string;
  /** Its table or view in PostgreSQL. */
  readonly relation: string;
  /** What WHEN says. */
  readonly conditions: readonly string[];
}

/**
 * Plans every trigger as a function in PL/pgSQL and a trigger that calls it. A trigger of which any part has no equal is left
 * out whole, with the reason.
 */
export function planTriggers(planning: TriggerPlanning): void {
  const { catalog, objects, reported } = planning;
  const read = catalog.triggers.map((trigger) => ({ trigger, model: readTrigger(trigger) }));
  const models = read.flatMap(({ model }) => ("reason" in model ? [] : [model]));
  const effects = triggerEffects(catalog, models);
  const taken = nameAllocator();
  const functions = new Map(models.map((model) => [model, taken.take(model.trigger.name)]));
  const made = read.map(({ trigger, model }) => ({ trigger, result: "reason" in model ? model : translated(model, { ...planning, models, effects, functions }) }));
  // Their names keep the order in which they run, so that those that are left out do not count.
  const names = triggerNames(catalog, made.flatMap(({ result }) => ("reason" in result ? [] : [result.model])), effects, functions);
  for (const { trigger, result } of made) {
    const about = { kind: "trigger", name: `${trigger.name} on ${trigger.table}`, table: trigger.table, source: sourceKey("trigger", trigger.name) } as const;
    if ("reason" in result) {
      reported.push({ ...about, outcome: "left-out", reason: result.reason });
      continue;
    }
    const name = names.get(result.model) ?? { trigger: trigger.name, function: trigger.name, numbered: false, afterForeignKeys: false };
    const notes = [...result.notes, ...nameNotes(trigger, name)];
    for (const reason of new Set(notes)) reported.push({ ...about, outcome: "changed", reason });
    objects.push(...written(result, name, planning.prefix));
  }
}

function nameNotes({ name }: Trigger, names: TriggerNames): string[] {
  const found: string[] = [];
  if (names.numbered) found.push(`is called ${names.trigger} in PostgreSQL, which runs triggers by their names, where SQLite runs the newest first and looks at foreign keys last`);
  else if (names.trigger !== name) found.push(`is called ${names.trigger} in PostgreSQL, which does not take the name as it is`);
  if (names.afterForeignKeys) found.push("PostgreSQL looks at foreign keys before it runs, SQLite when the statement is done");
  return found;
}

function translated(model: TriggerModel, surroundings: Surroundings): Translated | { readonly reason: string } {
  try {
    return translateTrigger(model, surroundings);
  } catch (problem) {
    if (problem instanceof Untranslatable) return { reason: problem.message };
    throw problem;
  }
}

/** Refuses what has no equal in PostgreSQL. */
function translateTrigger(model: TriggerModel, surroundings: Surroundings): Translated {
  const { trigger, timing, event } = model;
  const relation = relationOf(model, surroundings);
  const table = surroundings.catalog.tables.find((each) => foldName(each.name) === model.relation);
  const notes: string[] = [];
  checkViews(model, surroundings);
  checkRows(model, table, notes);
  const guard = guardOf(model, surroundings);
  const leave = (row: string): string[] => [...(guard?.kind === "setting" ? [`PERFORM set_config('${guard.name}', '', true);`] : []), `RETURN ${row};`];
  const row = timing === "AFTER" ? "NULL" : event === "DELETE" ? "OLD" : "NEW";
  const context: BodyContext = {
    text: trigger.sql,
    translate: surroundings.translate,
    place: { rows: rowsOf(model), prefix: surroundings.prefix },
    ignore: () => {
      checkIgnore(model, surroundings);
      return leave("NULL");
    },
    notes,
  };
  const lines: string[] = [];
  const conditions: string[] = guard?.kind === "depth" ? ["pg_trigger_depth() = 0"] : [];
  if (guard?.kind === "setting") lines.push(`IF current_setting('${guard.name}', true) = 'on' THEN`, `    RETURN ${row};`, "END IF;");
  if (model.when !== undefined) {
    const condition = translateTruth(trigger.sql.slice(model.when.span.start, model.when.span.end), context);
    // PostgreSQL takes no query in WHEN, and no WHEN with INSTEAD OF.
    if (timing !== "INSTEAD OF" && !holdsQuery(model.when) && !condition.startsWith("EXISTS (")) conditions.push(conditions.length === 0 ? condition : `(${condition})`);
    else lines.push(`IF (${condition}) IS NOT TRUE THEN`, `    RETURN ${row};`, "END IF;");
  }
  if (guard?.kind === "setting") lines.push(`PERFORM set_config('${guard.name}', 'on', true);`);
  for (const step of model.body) lines.push(...translateStep(step, context));
  lines.push(...leave(row));
  noteTiming(model, table, surroundings, notes);
  return { model, notes, lines, event: eventText(model, table, surroundings), relation, conditions };
}

/** The function and the trigger. */
function written({ model, lines, event, relation, conditions }: Translated, names: TriggerNames, prefix: string): readonly PlannedObject[] {
  const { trigger, timing } = model;
  const body = `\n${variableConflict(lines)}BEGIN\n${indented(lines).join("\n")}\nEND\n`;
  const quote = body.includes("$cutover$") ? "$cutover_body$" : "$cutover$";
  const called = `${prefix}${postgresIdentifier(names.function)}()`;
  const shared = { section: "post-data", table: trigger.table, sources: [sourceKey("trigger", trigger.name)] } as const;
  const when = conditions.length === 0 ? "" : `\n    WHEN (${conditions.join(" AND ")}${conditions.some((each) => each.includes("--")) ? "\n" : ""})`;
  return [
    { ...shared, kind: "function", name: names.function, sql: `CREATE FUNCTION ${called} RETURNS trigger LANGUAGE plpgsql AS ${quote}${body}${quote}` },
    { ...shared, kind: "trigger", name: names.trigger, sql: `CREATE TRIGGER ${postgresIdentifier(names.trigger)} ${timing} ${event} ON ${prefix}${postgresIdentifier(relation)}\n    FOR EACH ROW${when}\n    EXECUTE FUNCTION ${called}` },
  ];
}

/** Refuses views that the plan leaves out. */
function checkViews({ body, when }: TriggerModel, { catalog, ddl, objects }: Surroundings): void {
  for (const root of when === undefined ? body : [...body, when]) {
    for (const { name } of nodesOfKind<"QualifiedName">(root, "QualifiedName")) {
      const view = catalog.views.find((each) => foldName(each.name) === foldName(nameText(name)));
      if (view !== undefined && !objects.some((object) => object.kind === "view" && object.name === targetRelation(ddl.names, view.name))) refuse(`it uses the view ${view.name}, which is left out`);
    }
  }
}

/** The name in PostgreSQL of what the trigger stands on. */
function relationOf({ trigger, timing, relation }: TriggerModel, { catalog, ddl, objects }: Surroundings): string {
  const view = catalog.views.find((each) => foldName(each.name) === relation);
  if (view !== undefined) {
    const name = targetRelation(ddl.names, view.name);
    if (timing !== "INSTEAD OF") refuse("it stands on a view without INSTEAD OF");
    return objects.some((object) => object.kind === "view" && object.name === name) ? name : refuse(`its view ${view.name} is left out`);
  }
  const table = catalog.tables.find((each) => foldName(each.name) === relation);
  return table === undefined ? refuse(`its table ${trigger.table} is left out`) : targetRelation(ddl.names, table.name);
}

function rowsOf({ trigger, timing, event }: TriggerModel): RowVariable[] {
  const found: RowVariable[] = [];
  // What is to be stored has not been checked yet; what is stored has.
  if (event !== "DELETE") found.push({ name: "NEW", relation: trigger.table, nullable: timing !== "AFTER" });
  if (event !== "INSERT") found.push({ name: "OLD", relation: trigger.table, nullable: timing === "INSTEAD OF" });
  return found;
}

/** Looks at what the trigger names of NEW and OLD. */
function checkRows({ statement, timing, event }: TriggerModel, table: Table | undefined, notes: string[]): void {
  for (const alias of nodesOfKind(statement, "Alias")) if (/^(?:new|old)$/i.test(nameText(alias.name))) refuse(`it calls a table ${nameText(alias.name)}, which is the row itself in PostgreSQL`);
  for (const reference of nodesOfKind(statement, "ColumnReference")) {
    if (!isRow(reference)) continue;
    const row = nameText(reference.table).toUpperCase();
    const name = foldName(nameText(reference.column));
    if ((row === "NEW" && event === "DELETE") || (row === "OLD" && event === "INSERT")) refuse(`${row} has no row in a trigger on ${event}`);
    if (reference.table?.kind === "Identifier" && reference.table.quote !== "none" && reference.table.value !== row.toLowerCase()) refuse(`it writes ${row} in quotes`);
    if (table === undefined) continue;
    const column = table.columns.find((each) => foldName(each.name) === name);
    if (column === undefined && (table.rowidAlias === undefined || !/^(?:rowid|oid|_rowid_)$/.test(name))) refuse(`${table.name} has no column ${nameText(reference.column)}${/^(?:rowid|oid|_rowid_)$/.test(name) ? ", and PostgreSQL no rowid" : ""}`);
    if (timing !== "BEFORE" || row !== "NEW") continue;
    if (column?.generated !== undefined) refuse(`it reads NEW.${column.name} before the row is stored, when PostgreSQL has not computed it yet`);
    if (event === "INSERT" && (column === undefined || column.name === table.rowidAlias)) notes.push(`NEW.${table.rowidAlias ?? name} is -1 in SQLite where the statement leaves the number to the database, and the number that the row gets in PostgreSQL`);
  }
}

function eventText({ event, columns, timing, trigger }: TriggerModel, table: Table | undefined, { ddl }: Surroundings): string {
  if (event !== "UPDATE" || columns === undefined) return event;
  if (timing === "INSTEAD OF" || table === undefined) return refuse("INSTEAD OF UPDATE OF some columns: PostgreSQL has it for all columns only");
  const known = table.columns.filter((column) => columns.includes(foldName(column.name)));
  if (known.length === 0) return refuse(`it fires for columns that ${trigger.table} does not have`);
  return `UPDATE OF ${known.map((column) => postgresIdentifier(targetColumn(ddl.names, table.name, column.name))).join(", ")}`;
}

type Guard = { readonly kind: "depth" } | { readonly kind: "setting"; readonly name: string };

/**
 * What keeps a trigger from running within itself, which SQLite does unless PRAGMA recursive_triggers says otherwise. The depth
 * of triggers tells where nothing but its own statements can bring it about; elsewhere it marks for as long as it runs.
 */
function guardOf(model: TriggerModel, { effects, functions }: Surroundings): Guard | undefined {
  if (!effects.fired(model).has(model)) return undefined;
  // WHEN, where the depth is looked at, is not for INSTEAD OF.
  if (model.timing !== "INSTEAD OF" && !effects.firedElsewhere(model)) return { kind: "depth" };
  return { kind: "setting", name: `cutover.in_${(functions.get(model) ?? "").toLowerCase().replace(/[^a-z0-9_]/g, (character) => `_${character.codePointAt(0)?.toString(16) ?? ""}_`)}` };
}

/** RAISE(IGNORE) skips the row, and the triggers that would have come after. */
function checkIgnore(model: TriggerModel, { models, catalog, effects }: Surroundings): void {
  const { timing, relation, event } = model;
  if (timing === "AFTER") {
    // The newest comes first.
    const later = models.slice(0, models.indexOf(model)).find((other) => other.timing === "AFTER" && other.relation === relation && other.event === event);
    if (later !== undefined) refuse(`RAISE(IGNORE) keeps the trigger ${later.trigger.name} from running, which PostgreSQL does before the row is changed only`);
    return;
  }
  const parents = catalog.tables.flatMap((table) => table.foreignKeys.filter((key) => foldName(table.name) === relation && [key.onDelete, key.onUpdate].some((action) => action !== "NO ACTION" && action !== "RESTRICT")));
  if (timing === "BEFORE" && event !== "INSERT" && parents.length > 0 && effects.firedElsewhere(model)) refuse("RAISE(IGNORE) would stop the action of a foreign key, and PostgreSQL would keep a row without its parent");
}

function holdsQuery(expression: Expression): boolean {
  return (["Subquery", "ExistsExpression", "InTable", "SelectStatement"] as const).some((kind) => nodesOfKind<Node["kind"]>(expression, kind).length > 0);
}

/**
 * A row's AFTER triggers run when the row is changed in SQLite, and when all rows of the statement are changed in PostgreSQL: the
 * same for a statement that changes one row. BEFORE triggers run row by row in both.
 */
function noteTiming(model: TriggerModel, table: Table | undefined, surroundings: Surroundings, notes: string[]): void {
  if (table === undefined) return;
  const { effects, models } = surroundings;
  const { timing, event, relation } = model;
  const fired = [...effects.fired(model)].filter((each) => each !== model);
  if (timing === "AFTER") {
    if ([model, ...fired].some((each) => meetsOtherRows(each, table, effects))) {
      notes.push(`for a statement that changes several rows of ${table.name}, PostgreSQL runs it after all of them and SQLite after each: what it finds in ${table.name} (or changes there) for one row may differ`);
    }
    return;
  }
  if (event !== "INSERT") {
    const own = model.body.filter((step) => step.kind !== "InsertStatement" && changedTable(step) === relation).map((step) => ownTableUse(step, table));
    const elsewhere = fired.some((each) => effects.ownWrites(each).some((write) => write.relation === relation && write.event !== "INSERT")) || changesByAction(model, effects);
    if (elsewhere || own.some((use) => use !== "other-rows")) refuse(`it may change the row of ${table.name} that is about to be changed, which PostgreSQL refuses ("tuple to be updated was already modified")`);
    if (own.length > 0) notes.push(`PostgreSQL refuses a statement that changes several rows of ${table.name} where it has changed one of them before`);
  }
  const late = models.find((other) => other.timing === "AFTER" && fires({ relation, event, columns: undefined }, other) && (changesWhatSees(model, other, effects) || changesWhatSees(other, model, effects)));
  if (late !== undefined) notes.push(`for a statement that changes several rows of ${table.name}, what it and the trigger ${late.trigger.name} do for one row and the next may differ in PostgreSQL, where that one runs when all rows are changed`);
}

/** Whether one of two triggers changes rows that make a difference to the other. */
function changesWhatSees(changing: TriggerModel, seeing: TriggerModel, effects: TriggerEffects): boolean {
  const seen = effects.looksAt(seeing);
  return effects.writes(changing).some((write) => seen.has(write.relation));
}

/** Whether a trigger may read or change other rows of a table than the one that fired it. */
function meetsOtherRows(model: TriggerModel, table: Table, effects: TriggerEffects): boolean {
  const name = foldName(table.name);
  if (!effects.ownTouched(model).has(name)) return false;
  const uses = [...model.body, ...(model.when === undefined ? [] : [model.when])].map((root) => ownTableUse(root, table)).filter((use) => use !== "none");
  // Without a use in its text it comes there through a view.
  return model.relation !== name || uses.length === 0 || uses.some((use) => use !== "own-row") || changesByAction(model, effects);
}

/** Whether a foreign key's action brings a trigger's changes back to its own table. */
function changesByAction(model: TriggerModel, effects: TriggerEffects): boolean {
  return effects.ownWrites(model).some((write) => write.relation === model.relation && write.event !== "INSERT") && !model.body.some((step) => changedTable(step) === model.relation);
}

function changedTable(step: Statement): string | undefined {
  return step.kind === "InsertStatement" || step.kind === "UpdateStatement" || step.kind === "DeleteStatement" ? foldName(nameText(step.table.name)) : undefined;
}

/** Where a column may have the name of one of PL/pgSQL's own variables, the column is meant. */
function variableConflict(lines: readonly string[]): string {
  return lines.some((line) => /\b(?:found|tg_\w+)\b/i.test(line)) ? "#variable_conflict use_column\n" : "";
}
