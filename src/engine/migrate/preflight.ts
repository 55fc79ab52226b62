import { CutoverError } from "#core/cutover-error.ts";
import { foldName } from "#core/schema/decision.ts";
import type { Plan } from "#core/schema/plan.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { sourceProblem, type Source } from "../sqlite/open-source.ts";
import { sqliteIdentifier } from "../sqlite/rows.ts";
import type { BadRowPolicy } from "./bad-row.ts";
import type { Selection } from "./selection.ts";

export interface PreflightOptions {
  readonly badRows: BadRowPolicy;
  /** Tables of the plan's names are to be dropped or gone on with: they are no problem. */
  readonly mayExist: boolean;
}

export interface Preflight {
  /** Source rows by table name. */
  readonly rows: ReadonlyMap<string, number>;
  readonly problems: readonly CutoverError[];
  readonly warnings: readonly string[];
}

/** Looks at both sides without changing any, and gives every problem at once. */
export async function preflight(source: Source, session: PostgresSession, plan: Plan, selection: Selection, options: PreflightOptions): Promise<Preflight> {
  const target = await lookAtTarget(session, plan, selection, options.mayExist);
  const { problems, warnings, rows } = lookAtSource(source, plan, selection, options.badRows);
  return { rows, problems: [...target, ...problems], warnings };
}

/** One error for all problems; the first one's tag decides. */
export function combineProblems(problems: readonly CutoverError[]): CutoverError | undefined {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return first;
  return new CutoverError({
    tag: first.tag,
    what: `${problems.length} things stand in the way`,
    why: problems.map((problem) => `${problem.message}${problem.where === undefined ? "" : ` (${problem.where})`}${problem.why === undefined ? "" : `: ${problem.why}`}`).join("\n"),
    next: problems.map((problem) => problem.next).join(" "),
    cause: first,
  });
}

async function lookAtTarget(session: PostgresSession, plan: Plan, selection: Selection, mayExist: boolean): Promise<CutoverError[]> {
  const problems: CutoverError[] = [];
  const refused = (what: string, next: string): void => {
    problems.push(new CutoverError({ tag: "target-refused", what, where: session.name, next }));
  };
  const { rows } = await session.query(
    `SELECT current_setting('server_encoding'), pg_is_in_recovery(), current_setting('transaction_read_only'),
       has_database_privilege(current_database(), 'CREATE'),
       (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = $1),
       (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = 'cutover'), current_user, current_database()`,
    [plan.schema],
  );
  const [encoding, recovering, readOnly, mayCreate, ownSchema, journalSchema, user, database] = rows[0] ?? [];
  if (encoding !== "UTF8") {
    problems.push(new CutoverError({ tag: "target-unsupported", what: `The database's encoding is ${encoding ?? "unknown"}, which cannot hold every text`, where: session.name, next: "Make one with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'." }));
  }
  if (session.version < plan.options.targetVersion) {
    problems.push(new CutoverError({ tag: "target-unsupported", what: `The server is PostgreSQL ${session.version}, and cutover.json says that the DDL may need ${plan.options.targetVersion}`, where: session.name, next: `Set targetVersion to ${session.version} in cutover.json, or name a newer server.` }));
  }
  if (recovering === "t") refused("The server is a standby, which takes no writes", "Name the primary server.");
  else if (readOnly === "on") refused("The server takes no writes from this user: transactions are read-only", "Unset default_transaction_read_only for this user or database.");
  if (mayCreate !== "t" && (ownSchema === null || journalSchema === null)) {
    refused(`The user ${user ?? ""} may not make schemas in ${database ?? ""}`, `GRANT CREATE ON DATABASE ${database ?? ""} TO ${user ?? ""}: the journal lives in a schema of its own.`);
  }
  for (const [schema, may] of [[plan.schema, ownSchema], ["cutover", journalSchema]] as const) {
    if (may === "f") refused(`The user ${user ?? ""} may not make tables in the schema ${schema}`, `GRANT CREATE ON SCHEMA ${schema} TO ${user ?? ""}.`);
  }
  if (!mayExist) {
    const existing = await existingRelations(session, plan, selection);
    if (existing.length > 0) problems.push(notEmpty(session.name, plan.schema, existing));
  }
  return problems;
}

/** The error for names of the plan that are taken in the target. */
export function notEmpty(target: string, schema: string, existing: readonly string[]): CutoverError {
  return new CutoverError({
    tag: "target-not-empty",
    what: `The schema ${schema} has ${existing.length === 1 ? "an object" : `${existing.length} objects`} of the plan's names already`,
    where: target,
    why: existing.join(", "),
    next: "Name an empty database, go on with a run that was not finished with --resume, or have the plan's own tables dropped with --drop.",
  });
}

/** Names of the selection's tables, indexes, keys, views and triggers' functions that are taken in the target's schema. */
export async function existingRelations(session: PostgresSession, plan: Plan, selection: Selection): Promise<string[]> {
  const objects = [...selection.preData, ...selection.postData];
  const listed = (kinds: readonly string[]): string => ["NULL", ...objects.filter((object) => kinds.includes(object.kind)).map((object) => postgresString(object.name))].join(", ");
  const { rows } = await session.query(
    `SELECT taken FROM (
       SELECT c.relname AS taken, c.relkind IN ('i', 'I') AS last FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relname IN (${listed(["table", "partition", "sequence", "primary-key", "unique", "index", "view"])})
       UNION ALL SELECT p.proname || '()', true FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 AND p.pronargs = 0 AND p.proname IN (${listed(["function"])})
     ) AS found ORDER BY last, taken`,
    [plan.schema],
  );
  return rows.map(([name]) => name ?? "");
}

const shownOrphans = 20;

function lookAtSource(source: Source, plan: Plan, selection: Selection, badRows: BadRowPolicy): Omit<Preflight, "rows"> & { rows: Map<string, number> } {
  const problems: CutoverError[] = [];
  const warnings: string[] = [];
  const rows = new Map<string, number>();
  try {
    const damage = findDamage(source, selection, warnings);
    // A NULL in a NOT NULL column is no damage of the file: the copy treats it as a bad row.
    const structural = damage.filter((line) => !/^(NULL value in|CHECK constraint failed in|NUMERIC value in|TEXT value in|non-\w+ value in)/.test(line));
    if (structural.length > 0) {
      problems.push(new CutoverError({ tag: "source-unreadable", what: "The source is damaged", where: source.name, why: structural.join("\n"), next: "Recover it with `sqlite3 FILE .recover` into a new file, or take a backup." }));
      return { problems, warnings, rows };
    }
    for (const table of selection.tables) {
      rows.set(table.name, Number(source.db.prepare<[], [bigint]>(`SELECT count(*) FROM ${sqliteIdentifier(table.name)}`).raw().get()?.[0] ?? 0n));
    }
    const orphans = findOrphans(source, plan, selection);
    if (orphans.length > 0) {
      const lines = orphans.slice(0, shownOrphans).map(({ child, parent, count, example }) => `${child}: ${count} ${count === 1 ? "row" : "rows"} without their row in ${parent}${example === undefined ? "" : `, such as rowid ${example}`}`);
      if (orphans.length > shownOrphans) lines.push(`and ${orphans.length - shownOrphans} more foreign keys`);
      if (badRows === "quarantine") {
        warnings.push(...lines.map((line) => `${line}; they will be kept aside`));
      } else {
        const count = orphans.reduce((sum, orphan) => sum + orphan.count, 0);
        problems.push(
          new CutoverError({
            tag: "bad-rows",
            what: `${count} ${count === 1 ? "row refers" : "rows refer"} to rows that do not exist`,
            where: source.name,
            why: lines.join("\n"),
            next: "Mend the rows in the source (foreign keys were off when they were written), or keep them aside with --bad-rows quarantine.",
          }),
        );
      }
    }
  } catch (cause) {
    problems.push(sourceProblem(source.name, cause));
  }
  return { problems, warnings, rows };
}

/** What quick_check says of the file; of each table where one calls a function that only the application has. */
function findDamage(source: Source, selection: Selection, warnings: string[]): string[] {
  const check = (what: string): string[] => (source.db.pragma(`quick_check(${what})`) as readonly { readonly quick_check: string }[]).map((row) => row.quick_check).filter((line) => line !== "ok");
  try {
    return check("10");
  } catch (cause) {
    if (!isUnknownFunction(cause)) throw cause;
  }
  return selection.tables.flatMap((table) => {
    try {
      return check(sqliteIdentifier(table.name));
    } catch (cause) {
      if (!isUnknownFunction(cause)) throw cause;
      warnings.push(`${table.name} could not be checked for damage: ${cause.message}, a function that only the application has`);
      return [];
    }
  });
}

function isUnknownFunction(cause: unknown): cause is Error {
  return cause instanceof Error && /(?:unknown|no such) function/.test(cause.message);
}

interface Orphans {
  readonly child: string;
  readonly parent: string;
  readonly count: number;
  readonly example: bigint | undefined;
}

/** Rows whose foreign keys point nowhere, for the foreign keys that the plan makes. @see https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
function findOrphans(source: Source, plan: Plan, selection: Selection): Orphans[] {
  const planned = new Set(selection.foreignKeys.map(({ object }) => foldName(object.table ?? "")));
  const found: Orphans[] = [];
  for (const table of selection.tables) {
    if (!planned.has(foldName(table.name))) continue;
    const known = new Set(plan.catalog.tables.map(({ name }) => foldName(name)));
    if (table.foreignKeys.some(({ parent }) => !known.has(foldName(parent)))) continue;
    let rows: [string, bigint, bigint | null][];
    try {
      rows = source.db
        .prepare<[string], [string, bigint, bigint | null]>(`SELECT "parent", count(*), min(rowid) FROM pragma_foreign_key_check(?) GROUP BY "parent", fkid`)
        .raw()
        .all(table.name);
    } catch (cause) {
      // A key that refers to columns without a unique index works in neither engine: the plan has left it out and said so.
      if (cause instanceof Error && /foreign key mismatch/.test(cause.message)) continue;
      throw cause;
    }
    for (const [parent, count, example] of rows) found.push({ child: table.name, parent, count: Number(count), example: example ?? undefined });
  }
  return found;
}
