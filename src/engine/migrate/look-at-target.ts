import { CutoverError } from "#core/cutover-error.ts";
import type { Plan } from "#core/schema/plan.ts";
import { postgresString } from "#core/sql/postgres-literal.ts";
import type { PostgresSession } from "../postgres/session.ts";
import { existingRelations, notEmpty } from "./existing-relations.ts";
import type { Selection } from "./selection.ts";

/** What of a target stands in the way: its version, encoding and rights, and what is there already. Reads only. @throws PostgresFailure */
export async function lookAtTarget(session: PostgresSession, plan: Plan, selection: Selection, existing: "refuse" | "drop" | "resume"): Promise<CutoverError[]> {
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
  if (journalSchema === "t") {
    const others = await session.query("SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'cutover'::regnamespace AND c.relkind = 'r' AND NOT has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')");
    const named = others.rows[0]?.[0] ?? undefined;
    if (named !== undefined) refused(`The user ${user ?? ""} may not write to the journal's tables ${named}`, `GRANT ALL ON ALL TABLES IN SCHEMA cutover TO ${user ?? ""}, or migrate as the user who did before.`);
  }
  if (selection.postData.some(({ kind }) => kind === "function")) {
    const { rows: language } = await session.query("SELECT has_language_privilege(oid, 'USAGE') FROM pg_language WHERE lanname = 'plpgsql'");
    if (language[0]?.[0] !== "t") refused("Triggers need the language plpgsql, which this user may not use or the database does not have", "CREATE EXTENSION plpgsql, and GRANT USAGE ON LANGUAGE plpgsql.");
  }
  // Where tables are put unless told otherwise; pg_default and the database's own ask for no right.
  const { rows: spaces } = await session.query("SELECT spcname FROM pg_tablespace WHERE spcname = current_setting('default_tablespace') AND NOT has_tablespace_privilege(oid, 'CREATE')");
  if (spaces[0]?.[0] !== undefined) refused(`The user ${user ?? ""} may not make tables in the tablespace ${spaces[0][0] ?? ""}, which default_tablespace names`, `GRANT CREATE ON TABLESPACE ${spaces[0][0] ?? ""}, or change default_tablespace.`);
  const taken = await existingRelations(session, plan, selection);
  if (taken.length === 0) return problems;
  if (existing === "refuse") {
    problems.push(notEmpty(session.name, plan.schema, taken));
    return problems;
  }
  // To drop or to change a table one must be its owner, or belong to the owner's role.
  const { rows: foreign } = await session.query(
    `SELECT c.relname, pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v') AND NOT pg_has_role(c.relowner, 'USAGE') AND c.relname IN (${taken.map(postgresString).join(", ")}) ORDER BY c.relname`,
    [plan.schema],
  );
  if (foreign.length > 0) {
    problems.push(
      new CutoverError({
        tag: "target-refused",
        what: `The user ${user ?? ""} does not own what is to be ${existing === "drop" ? "dropped" : "gone on with"}`,
        where: session.name,
        why: foreign.map(([name, owner]) => `${name ?? ""} belongs to ${owner ?? ""}`).join(", "),
        next: "Migrate as the owner, or have the ownership changed (ALTER TABLE … OWNER TO).",
      }),
    );
  }
  return problems;
}
