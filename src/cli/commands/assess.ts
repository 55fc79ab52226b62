import { writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { assess as sumUp, type Assessment } from "#core/report/assessment.ts";
import { assessmentHtml } from "#core/report/assessment-html.ts";
import { findingsByRule, inventoryText, summaryLines } from "#core/report/scan-text.ts";
import { schemaDocument } from "#core/schema/schema-json.ts";
import { readPlan } from "#engine/sqlite/read-plan.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { scanCache } from "#engine/workspace/scan-cache.ts";
import { scanWorkspace } from "#engine/workspace/scan-workspace.ts";
import type { Command } from "../command.ts";

export const assess: Command = {
  usage: "[PATH] [--schema DB|SQL] [--no-cache] [--format text|json|html] [--out FILE]",
  summary: "The inventory and risk report: what the code and the schema need, and what to think about before the switch.",
  options: { schema: { type: "string" }, format: { type: "string" }, out: { type: "string" }, "no-cache": { type: "boolean" } },
  async run(args, io) {
    if (args.positionals.length > 1) throw new CutoverError({ tag: "usage", what: "cutover assess looks at one folder", next: "Name one folder, or none for the current one." });
    const format = args.choice("format", ["text", "json", "html"], "text");
    const root = resolve(io.cwd, args.positionals[0] ?? ".");
    const config = await loadConfig(root);
    const asked = args.text("schema");
    const source = asked === undefined ? (config.databases.length === 1 ? config.databases[0]?.source : undefined) : resolve(io.cwd, asked);
    const { report } = await scanWorkspace({ root, config, schema: asked === undefined ? undefined : source, signal: io.signal, cache: args.flag("no-cache") ? undefined : scanCache(root) });
    const assessment = sumUp(report, source === undefined ? undefined : await schemaOf(resolve(root, source), config, io.signal, config.present && !args.flag("no-cache") ? root : undefined));
    const text = rendered(assessment, format, basename(root));
    const out = args.text("out");
    if (out === undefined) io.out(text);
    else {
      await writeFile(resolve(io.cwd, out), text);
      io.err(`wrote ${out}\n`);
    }
    return exitCodes.clean;
  },
};

async function schemaOf(source: string, config: Awaited<ReturnType<typeof loadConfig>>, signal: AbortSignal, cache: string | undefined): Promise<ReturnType<typeof schemaDocument>> {
  const read = await readPlan({ source, policies: config.policies, overrides: config.overrides, partitions: config.partitions, schema: config.schema, targetVersion: config.targetVersion, profile: true, signal, ...(cache === undefined ? {} : { cache }) });
  read.close();
  return schemaDocument(read.plan);
}

function rendered(assessment: Assessment, format: "text" | "json" | "html", name: string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(assessment, undefined, 2)}\n`;
    case "html":
      return assessmentHtml(assessment, `${name}: from SQLite to PostgreSQL`);
    case "text":
      return `${[inventoryText(assessment.scan), findingsByRule(assessment.scan), ...summaryLines(assessment.scan), assessment.risks.map((risk) => `${risk.level}: ${risk.text}`).join("\n")].join("\n\n")}\n`;
  }
}
