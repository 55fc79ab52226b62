import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { accountFor } from "#core/schema/account-for.ts";
import { distribute, type Distribution } from "#core/schema/distributed.ts";
import { renderDdl } from "#core/schema/render-ddl.ts";
import { distributionText, renderDistribution } from "#core/schema/render-distribution.ts";
import { schemaText } from "#core/schema/schema-text.ts";
import { schemaDocument } from "#core/schema/schema-json.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import type { Plan } from "#core/schema/plan.ts";
import { resolveTarget } from "#engine/postgres/resolve-target.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadEnv } from "#engine/workspace/load-env.ts";
import type { Command, Io } from "../command.ts";
import { lookProgress } from "../look-progress.ts";
import { withScratchServer } from "../with-scratch-server.ts";

export const schema: Command = {
  usage: "DB|SQL|FOLDER [--out FILE] [--format sql|text|json] [--check] [--distributed citus] [--to URL [--drop]] [--no-cache]",
  summary: "Translates a schema: PostgreSQL's DDL in pg_dump's sections, every object accounted for; --check runs it through PostgreSQL's parser and the embedded server, --to makes it in a target.",
  options: { out: { type: "string" }, format: { type: "string" }, check: { type: "boolean" }, to: { type: "string" }, drop: { type: "boolean" }, "no-cache": { type: "boolean" }, distributed: { type: "string" } },
  async run(args, io) {
    const format = args.choice("format", ["sql", "text", "json"], "sql");
    const config = await loadConfig(io.cwd);
    const source = args.positionals[0] ?? (config.databases.length === 1 ? config.databases[0]?.source : undefined);
    if (source === undefined || args.positionals.length > 1) {
      throw new CutoverError({ tag: "usage", what: "cutover schema translates one source", next: "Name a database, a .sql file or a folder of migrations, or configure a database in cutover.json." });
    }
    const to = args.text("to");
    if (to === undefined && args.flag("drop")) throw new CutoverError({ tag: "usage", what: "--drop drops nothing without a target", next: "Name the target with --to." });
    const { onProgress, end } = lookProgress(io);
    const read = await readPlan({ source: resolve(io.cwd, source), onProgress, policies: config.policies, overrides: config.overrides, partitions: config.partitions, schema: config.schema, targetVersion: config.targetVersion, profile: true, signal: io.signal, ...(config.present && !args.flag("no-cache") ? { cache: io.cwd } : {}) }).finally(end);
    read.close();
    const { plan } = read;
    const wanted = args.choice("distributed", ["citus", "none"], config.distributed === undefined ? "none" : "citus");
    const distribution = wanted === "none" ? undefined : distribute(plan, config.distributed ?? { columns: new Map(), reference: new Set(), local: new Set() });
    const text = written(plan, format, distribution);
    const out = args.text("out");
    if (out === undefined) {
      if (to === undefined) io.out(text);
    } else {
      const path = resolve(io.cwd, out);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      tellAccounts(plan, io);
      io.err(`wrote ${out}\n`);
    }
    if (args.flag("check")) {
      const checked = await check(plan, io);
      if (checked !== exitCodes.clean) return checked;
    }
    if (to !== undefined) await apply(plan, to, args.flag("drop"), io);
    return exitCodes.clean;
  },
};

/** Makes the schema in a target. @throws CutoverError */
async function apply(plan: Plan, to: string, drop: boolean, io: Io): Promise<void> {
  const { applySchema } = await import("#engine/migrate/apply-schema.ts");
  const target = await resolveTarget(to, { workspace: io.cwd, env: await loadEnv(io.cwd, io.env), connections: (await loadConfig(io.cwd)).connections });
  try {
    const done = await applySchema({ plan, target, drop, signal: io.signal });
    tellAccounts(plan, io);
    if (done.dropped.length > 0) io.out(`dropped in ${done.target}: ${done.dropped.join(", ")}\n`);
    io.out(`made ${grouped(done.made)} objects in ${done.target}, schema ${plan.schema}\n`);
  } finally {
    await target.close();
  }
}

function written(plan: Plan, format: "sql" | "text" | "json", distribution: Distribution | undefined): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(schemaDocument(plan, distribution), undefined, 2)}\n`;
    case "text":
      return schemaText(plan) + (distribution === undefined ? "" : `\n${distributionText(distribution)}`);
    case "sql":
      return renderDdl(plan) + (distribution === undefined ? "" : renderDistribution(distribution));
  }
}

/** Objects by kind, and everything that was left out or changed, with its reason. */
function tellAccounts(plan: Plan, io: Io): void {
  const { kinds } = accountFor(plan);
  io.err(
    `${textTable(
      [
        { heading: "objects", align: "left" },
        { heading: "found", align: "right" },
        { heading: "translated", align: "right" },
        { heading: "with a remark", align: "right" },
        { heading: "left out", align: "right" },
      ],
      [...kinds].map(([kind, account]) => [kind, ...[account.found, account.translated, account.changed, account.leftOut].map((n) => grouped(n))]),
    )}\n`,
  );
  for (const each of plan.reported) io.err(`${each.outcome === "left-out" ? "left out" : "changed"}: ${each.kind} ${each.name}: ${each.reason}\n`);
}

/** Asks PostgreSQL: its parser, then the embedded server. @returns the exit code */
async function check(plan: Plan, io: Io): Promise<number> {
  const { checkDdl } = await import("#engine/proof/check-ddl.ts");
  const result = await withScratchServer((session) => checkDdl(plan, session));
  for (const { object, gate, message } of result.failures) io.err(`refused by the ${gate}: ${object.kind} ${object.name}: ${message}\n`);
  io.err(`${result.checked - new Set(result.failures.map((f) => f.object)).size} of ${result.checked} statements are accepted by PostgreSQL's parser and server\n`);
  return result.failures.length === 0 ? exitCodes.clean : exitCodes.failed;
}
