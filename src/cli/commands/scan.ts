import { stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { fixText } from "#core/rules/fix-text.ts";
import { reportedRules } from "#core/rules/registry.ts";
import { sarif } from "#core/report/sarif.ts";
import { countFindings, type ScanReport } from "#core/report/scan-report.ts";
import { findingsByRule, inventoryText, scanText, summaryLines } from "#core/report/scan-text.ts";
import { unifiedDiff } from "#core/text/unified-diff.ts";
import type { Mode } from "#core/rules/mode.ts";
import { proveScan } from "#engine/proof/prove-scan.ts";
import { basisOfSchema } from "#engine/proof/translation-basis.ts";
import { loadConfig, type Config } from "#engine/workspace/config.ts";
import { scanCache } from "#engine/workspace/scan-cache.ts";
import { schemaAtHand } from "#engine/workspace/schema-at-hand.ts";
import { scanWorkspace, type Scan } from "#engine/workspace/scan-workspace.ts";
import type { Arguments, Command, Io } from "../command.ts";

/** How often a file is analysed again after fixes, since one fix may have hidden another. */
const passes = 5;

export const scan: Command = {
  usage: "[PATH…] [--schema DB|SQL] [--mode both|postgres] [--format text|json|sarif] [--no-proof] [--no-cache] [--summary] [--fix] [--unsafe] [--diff]",
  summary: "Finds SQLite-specific SQL and counts what ties the code to SQLite; --fix makes the safe fixes, --unsafe also those to review, --diff shows them.",
  options: {
    schema: { type: "string" },
    mode: { type: "string" },
    format: { type: "string" },
    summary: { type: "boolean" },
    "no-cache": { type: "boolean" },
    fix: { type: "boolean" },
    unsafe: { type: "boolean" },
    diff: { type: "boolean" },
    "no-proof": { type: "boolean" },
  },
  async run(args, io) {
    const format = args.choice("format", ["text", "json", "sarif"], "text");
    const { root, paths } = await places(args, io);
    const config = await loadConfig(root);
    const mode = args.choice("mode", ["both", "postgres"], config.mode);
    const asked = args.text("schema");
    const found = await scanWorkspace({ root, paths, config, mode, schema: asked === undefined ? undefined : resolve(io.cwd, asked), signal: io.signal, cache: args.flag("no-cache") ? undefined : scanCache(root) });
    io.signal.throwIfAborted();
    if (args.flag("fix") || args.flag("unsafe") || args.flag("diff")) return fix(found, args, root, io);
    const report = args.flag("no-proof") ? found.report : await proven(found, { root, config, mode, asked: asked === undefined ? undefined : resolve(io.cwd, asked) }, io.signal);
    switch (format) {
      case "json":
        io.out(`${JSON.stringify(report, undefined, 2)}\n`);
        break;
      case "sarif":
        io.out(`${JSON.stringify(sarif(report, reportedRules, manifest.version), undefined, 2)}\n`);
        break;
      case "text":
        io.out(args.flag("summary") ? `${inventoryText(report)}\n\n${findingsByRule(report)}\n\n${summaryLines(report).join("\n")}\n` : scanText(report));
    }
    const counts = countFindings(report.files.flatMap((file) => file.findings));
    return counts.safe + counts.review + counts.manual === 0 ? exitCodes.clean : exitCodes.findings;
  },
};

/** The report with what the embedded PostgreSQL says of every site, where a schema is at hand. */
async function proven(found: Scan, { root, config, mode, asked }: { readonly root: string; readonly config: Config; readonly mode: Mode; readonly asked: string | undefined }, signal: AbortSignal): Promise<ScanReport> {
  const schema = await schemaAtHand(root, config, asked);
  if (schema === undefined) return found.report;
  const basis = await basisOfSchema(schema, mode);
  try {
    return await proveScan(found, basis, { config, mode, signal });
  } finally {
    await basis.close();
  }
}

/** The workspace root (a single folder that was named, else the current one) and the paths to look into. */
async function places(args: Arguments, io: Io): Promise<{ root: string; paths: string[] }> {
  const paths = args.positionals.map((path) => resolve(io.cwd, path));
  const kinds = await Promise.all(
    paths.map((path) =>
      stat(path).catch((cause: unknown) => {
        throw new CutoverError({ tag: "usage", what: "there is nothing to scan", where: path, why: cause instanceof Error ? cause.message : String(cause), next: "Name a file or folder that exists.", cause });
      }),
    ),
  );
  const [only] = paths;
  if (paths.length === 1 && only !== undefined && kinds[0]?.isDirectory() === true) return { root: only, paths };
  return { root: io.cwd, paths: paths.length === 0 ? [io.cwd] : paths };
}

/** Makes the fixes that the options allow, in memory first; `--diff` alone only shows them. */
async function fix({ report, read, analyze }: Scan, args: Arguments, root: string, io: Io): Promise<number> {
  const level = args.flag("unsafe") ? "review" : "safe";
  const write = args.flag("fix") || args.flag("unsafe");
  let made = 0;
  let changed = 0;
  const left: { safe: number; review: number; manual: number } = { safe: 0, review: 0, manual: 0 };
  for (const { path } of report.files) {
    io.signal.throwIfAborted();
    const file = await read(path);
    if (file === undefined) {
      io.err(`not fixed: ${path}: it is not what it was when it was scanned\n`);
      continue;
    }
    const { language, text: before } = file;
    let text = before;
    let { findings } = await analyze(path, language, text);
    for (let pass = 0; pass < passes && findings.length > 0; pass++) {
      const fixed = fixText(text, findings, level);
      if (fixed.fixed.length === 0) break;
      made += fixed.fixed.length;
      text = fixed.text;
      ({ findings } = await analyze(path, language, text));
    }
    const counts = countFindings(findings.map((f) => ({ ...f, fixes: f.fixes.map((x) => x.title) })));
    left.safe += counts.safe;
    left.review += counts.review;
    left.manual += counts.manual;
    if (text === before) continue;
    changed++;
    if (args.flag("diff")) io.out(unifiedDiff(path, before, text));
    if (write) await writeFile(join(root, path), text);
  }
  io.err(
    `${write ? "made" : "would make"} ${made} fixes in ${changed} files` +
      (level === "safe" ? `; held back ${left.review} that ask for a review (--unsafe makes them)` : "") +
      `; ${left.manual} findings are left for a person\n`,
  );
  return left.safe + left.review + left.manual === 0 ? exitCodes.clean : exitCodes.findings;
}
