import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mode } from "#core/rules/mode.ts";
import { schemaView, type SchemaView } from "#core/rules/schema-view.ts";
import type { Rejection, Verdict } from "#core/rules/verdict.ts";
import type { Plan, PlannedObject } from "#core/schema/plan.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { parseStatement } from "#core/sql/parse.ts";
import { nodesOfKind } from "#core/sql/walk.ts";
import { compatSession, compatSql } from "#engine/generate/compat-sql.ts";
import { copiedTable } from "#engine/migrate/copied-table.ts";
import { sequenceStatements } from "#engine/migrate/finish-tables.ts";
import { tableReader } from "#engine/migrate/table-reader.ts";
import { embeddedTarget } from "#engine/postgres/embedded.ts";
import { PostgresFailure, type PostgresSession } from "#engine/postgres/session.ts";
import type { Source } from "#engine/sqlite/open-source.ts";
import { sqliteIdentifier, type SqliteValue } from "#engine/sqlite/rows.ts";
import { compareRows, type Comparison } from "./compare-rows.ts";
import { compareWrites } from "./compare-writes.ts";
import { styled } from "./placeholders.ts";
import { sampleValues } from "./sample-values.ts";
import { openScratch, type Scratch, type WatchedTable } from "./scratch.ts";
import { definitionKinds, proveDefinition } from "./prove-definition.ts";
import { postgresStatements } from "./postgres-statements.ts";
import { utf16Offset } from "./utf16-offset.ts";

/** What a prover is made of. */
export interface ProverOptions {
  /** The translated schema. */
  readonly plan: Plan;
  /** With `both`, the functions of the generated adapter are there, too. */
  readonly mode: Mode;
  /** The database that the plan was made of, for rows to run queries on; DDL has none. It stays open as long as the prover. */
  readonly source: Source | undefined;
}

/** An embedded PostgreSQL that holds a translated schema and is asked about statements. Close it. */
export interface Prover {
  /** Objects of the plan that this server refused, with its words: statements about them are rejected for no fault of theirs. */
  readonly refused: readonly { readonly object: PlannedObject; readonly message: string }[];
  /**
   * Asks about one PostgreSQL statement, its parameters written `$n`, or `?` and `?NNN` with SQLite's numbers. With the statement that
   * it is the translation of (parameters `?NNN`), and data at hand, both are run and their rows compared: parameters get values from
   * the rows, and changes are undone.
   */
  readonly prove: (sql: string, original?: string) => Promise<Verdict>;
  readonly close: () => Promise<void>;
}

/** Tables with more rows than this are not copied, and queries that read them are prepared only. */
const mostRows = 1000;
/** Products of row counts beyond which a query is not run: SQLite cannot be stopped once it has begun. */
const mostCombinations = 2_000_000;

/** Kinds of statements (nodes of PostgreSQL's parser) that a server can describe without running them. */
const describable = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Classes of errors that say nothing of the statement: resources, limits (a stack too small leaves no prepared statement behind), the system. */
const limits = /^(26|53|54|57|58|XX)/;

const explainPrefix = "EXPLAIN (GENERIC_PLAN) ";

/** Asks PostgreSQL's parser alone, where no schema is at hand. A statement that it accepts is `unchecked`. */
export async function proveSyntax(sql: string): Promise<Verdict> {
  const text = styled(sql, new Map(), "numeric");
  const parsed = await postgresStatements(text.sql);
  if (parsed.ok) return { verdict: "unchecked", reason: "PostgreSQL's parser accepts it, and there is no schema at hand to prepare it against" };
  const { message, position } = parsed.problem;
  return rejection("parser", { code: "42601", message, hint: undefined, position }, text);
}

/** Starts an embedded PostgreSQL in a folder of its own and loads the schema and, from a database, the rows of its small tables. */
export async function openProver({ plan, mode, source }: ProverOptions): Promise<Prover> {
  const folder = await mkdtemp(join(tmpdir(), "cutover-proof-"));
  const target = embeddedTarget(join(folder, "embedded"), "proof");
  const close = async (): Promise<void> => {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const session = await target.connect();
    if (mode === "both") {
      await session.script(compatSql());
      await session.script(compatSession);
    }
    // Names in a statement carry no schema: they are found where the plan has put them.
    const path = [plan.schema, "public", ...(mode === "both" ? ["cutover", "pg_catalog"] : [])];
    await session.query(`SELECT set_config('search_path', $1, false)`, [[...new Set(path)].map((name) => `"${name.replaceAll('"', '""')}"`).join(", ")]);
    const data = source?.kind === "database" ? source : undefined;
    const { refused, counts } = await load(session, plan, data);
    const scratch = data === undefined ? undefined : await openScratch(data);
    const place: Place = { session, plan, schema: schemaView(plan), source: data, scratch, counts };
    return {
      refused,
      close: async () => {
        scratch?.close();
        await close();
      },
      prove: (sql, original) => prove(sql, original, place),
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Where a statement is tried. */
interface Place {
  readonly session: PostgresSession;
  readonly plan: Plan;
  readonly source: Source | undefined;
  readonly schema: SchemaView;
  /** For statements that change rows; undefined where there is no source, or it is too large. */
  readonly scratch: Scratch | undefined;
  /** Rows of the tables whose rows are there, by folded name. */
  readonly counts: ReadonlyMap<string, number>;
}

async function prove(sql: string, original: string | undefined, place: Place): Promise<Verdict> {
  const text = styled(sql, new Map(), "numeric");
  const parsed = await postgresStatements(text.sql);
  if (!parsed.ok) return rejection("parser", { code: "42601", message: parsed.problem.message, hint: undefined, position: parsed.problem.position }, text);
  const [kind] = parsed.kinds;
  if (kind === undefined) return { verdict: "unchecked", reason: "it holds no statement" };
  if (parsed.kinds.length > 1) return { verdict: "unchecked", reason: "it holds several statements" };
  if (definitionKinds.has(kind)) return define(text, original, place);
  if (!describable.has(kind)) return { verdict: "unchecked", reason: "a server prepares queries, changes of rows and of objects only; PostgreSQL's parser accepts this" };
  let explaining = 0;
  try {
    await place.session.describe(text.sql);
    // A key for ON CONFLICT is looked for by the planner only. The option takes $n as they are; the embedded server knows it.
    explaining = explainPrefix.length;
    await place.session.query(explainPrefix + text.sql);
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    const { position, code, message } = problem.problem;
    if (limits.test(code)) return { verdict: "unchecked", reason: `the embedded server reached a limit of its own: ${message} (${code})` };
    return rejection("server", { ...problem.problem, position: position === undefined ? undefined : position - explaining }, text);
  }
  return run(text.sql, original, place);
}

/** Tries a statement that makes, changes or drops an object, and undoes it. */
async function define(text: { readonly sql: string; readonly toGiven: (offset: number) => number }, original: string | undefined, { session, plan }: Place): Promise<Verdict> {
  try {
    return await proveDefinition(text.sql, original === undefined ? undefined : parseStatement(original), session, plan);
  } catch (problem) {
    if (!(problem instanceof PostgresFailure)) throw problem;
    if (limits.test(problem.problem.code)) return { verdict: "unchecked", reason: `the embedded server reached a limit of its own: ${problem.problem.message} (${problem.problem.code})` };
    return rejection("server", problem.problem, text);
  }
}

/** Runs a statement and what it is the translation of, with several sets of values where it has parameters, as far as that can be done. */
async function run(translated: string, original: string | undefined, place: Place): Promise<Verdict> {
  const prepared: Verdict = { verdict: "prepared", difference: undefined };
  const { source, schema } = place;
  const statement = original === undefined ? undefined : parseStatement(original);
  if (original === undefined || statement === undefined || source === undefined) return prepared;
  const compare = comparisonFor(statement, original, translated, place);
  if (compare === undefined) return prepared;
  let rows: number | undefined;
  for (const parameters of sampleValues(statement, schema, source.db)) {
    const compared = await compare(parameters);
    if (compared.result === "different") {
      const { kind, message } = compared.difference;
      return { verdict: "prepared", difference: { kind, message: parameters.length === 0 ? message : `with the values ${parameters.map(shownValue).join(", ")}, ${message}` } };
    }
    if (compared.result === "same") rows = Math.max(rows ?? 0, compared.rows);
  }
  return rows === undefined ? prepared : { verdict: "proven", rows };
}

/** How a statement is run on both engines; undefined when it cannot be. */
function comparisonFor(statement: Statement, original: string, translated: string, place: Place): ((parameters: readonly SqliteValue[]) => Promise<Comparison>) | undefined {
  const { session, source, scratch, plan, counts } = place;
  if (!readsWhatIsThere(statement, counts)) return undefined;
  switch (statement.kind) {
    case "SelectStatement":
      return async (parameters) => {
        if (source === undefined) return { result: "skipped", reason: "there are no rows" };
        // Nothing that a query calls may leave a trace.
        await session.query("BEGIN READ ONLY");
        try {
          return await compareRows({ db: source.db, original, statement, session, translated, parameters });
        } finally {
          await session.query("ROLLBACK");
        }
      };
    case "InsertStatement":
    case "UpdateStatement":
    case "DeleteStatement": {
      const name = statement.table.name.kind === "Identifier" ? fold(statement.table.name.value) : undefined;
      if (source === undefined || scratch === undefined || name === undefined || statement.table.schema !== undefined || !counts.has(name)) return undefined;
      const touched = plan.catalog.tables.filter((table) => fold(table.name) === name || table.foreignKeys.some((key) => fold(key.parent) === name));
      const known = touched.every((table) => counts.has(fold(table.name)));
      // Triggers are not all there on the other side.
      if (!known || plan.catalog.triggers.some((trigger) => touched.some((table) => fold(table.name) === fold(trigger.table)))) return undefined;
      const tables = touched.map((table) => copiedTable(plan, table));
      const sequences = statement.kind === "InsertStatement" ? sequenceStatements(source, plan, { tables: touched }).map(({ sql }) => sql) : [];
      return async (parameters) => {
        const watched: WatchedTable[] = [];
        for (const table of tables) watched.push(await scratch.watch(table, session));
        return compareWrites({ scratch, original, statement, session, translated, parameters, tables: watched, sequences });
      };
    }
    default:
      return undefined;
  }
}

function shownValue(value: SqliteValue): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) return `x'${value.toString("hex").slice(0, 20)}'`;
  return typeof value === "string" ? `'${value.length > 40 ? `${value.slice(0, 39)}…` : value}'` : String(value);
}

/** Whether all that a statement reads is there on both sides, and little enough to be run in any order. */
function readsWhatIsThere(statement: Statement, counts: ReadonlyMap<string, number>): boolean {
  if (nodesOfKind(statement, "TableFunctionCall").length > 0 || nodesOfKind(statement, "InTable").length > 0) return false;
  const ctes = new Set<string>();
  for (const clause of nodesOfKind(statement, "WithClause")) {
    // What calls itself may never end.
    if (clause.recursiveSpan !== undefined) return false;
    for (const table of clause.tables) if (table.kind === "CommonTable" && table.name.kind === "Identifier") ctes.add(fold(table.name.value));
  }
  let combinations = 1;
  for (const { table } of nodesOfKind(statement, "TableReference")) {
    const name = table.name.kind === "Identifier" && table.schema === undefined ? fold(table.name.value) : "";
    const count = ctes.has(name) ? mostRows : counts.get(name);
    if (count === undefined) return false;
    combinations *= Math.max(1, count);
  }
  return combinations <= mostCombinations;
}

function rejection(
  gate: Rejection["gate"],
  problem: { readonly code: string; readonly message: string; readonly hint: string | undefined; readonly position: number | undefined },
  text: { readonly sql: string; readonly toGiven: (offset: number) => number },
): Rejection {
  const offset = problem.position === undefined ? undefined : text.toGiven(utf16Offset(text.sql, problem.position));
  return { verdict: "rejected", gate, message: problem.message, sqlState: problem.code, hint: problem.hint, offset };
}

/** Makes the plan's objects, the rows in between as a migration does; what is refused is left out and reported. */
async function load(session: PostgresSession, plan: Plan, source: Source | undefined): Promise<{ readonly refused: { object: PlannedObject; message: string }[]; readonly counts: Map<string, number> }> {
  const refused: { object: PlannedObject; message: string }[] = [];
  const make = async (object: PlannedObject): Promise<void> => {
    try {
      await session.query(object.sql);
    } catch (problem) {
      if (!(problem instanceof PostgresFailure)) throw problem;
      refused.push({ object, message: problem.message });
    }
  };
  for (const object of plan.objects) if (object.section === "pre-data") await make(object);
  const counts = source === undefined ? new Map<string, number>() : await copyRows(session, plan, source);
  const before = refused.length;
  const later = plan.objects.filter((object) => object.section === "post-data");
  for (const object of later) await make(object);
  const again = refused.splice(before);
  if (again.length > 0 && counts.size > 0) {
    // A key that the rows do not fit would be missing when ON CONFLICT asks for it: the schema goes before the rows.
    for (const table of plan.catalog.tables) if (counts.has(fold(table.name))) await session.query(`TRUNCATE ${copiedTable(plan, table).target} CASCADE`);
    counts.clear();
    for (const { object } of again) await make(object);
  } else refused.push(...again);
  return { refused, counts };
}

/** Copies the tables that are small enough and whose every row the target takes. */
async function copyRows(session: PostgresSession, plan: Plan, source: Source): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const table of plan.catalog.tables) {
    const [count] = source.db.prepare<[], [bigint]>(`SELECT count(*) FROM (SELECT 1 FROM ${sqliteIdentifier(table.name)} LIMIT ${mostRows + 1})`).raw().get() ?? [];
    if (count === undefined || count > mostRows) continue;
    const copied = copiedTable(plan, table);
    if (copied.columns.length === 0) continue;
    const chunks = [...tableReader(source.db, copied).chunks(undefined, undefined)];
    if (chunks.some((chunk) => chunk.bad.length > 0)) continue;
    try {
      await session.copyIn(
        copied.copySql,
        chunks.map((chunk) => chunk.bytes),
        { wholeRows: true },
      );
      counts.set(fold(table.name), Number(count));
    } catch (problem) {
      if (!(problem instanceof PostgresFailure)) throw problem; // the table stays empty, and queries that read it are not run
    }
  }
  return counts;
}

/** SQLite compares names with ASCII case folded only. */
function fold(name: string): string {
  return name.replace(/[A-Z]/g, (c) => c.toLowerCase());
}
