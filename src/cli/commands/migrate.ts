import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import type { Estimate } from "#engine/migrate/estimate.ts";
import type { MigrationReport } from "#engine/migrate/migrate-options.ts";
import { migrate as run } from "#engine/migrate/migrate.ts";
import { inMegabytes } from "#engine/migrate/room-for-backup.ts";
import type { Arguments, Command } from "../command.ts";
import { moveOptions, namedTables, withMove } from "../open-move.ts";
import { shownPath } from "../shown-path.ts";
import { progressStyles, progressWriter } from "../progress-writer.ts";

export const migrate: Command = {
  usage: "[--from DB] [--to URL] [--dry-run] [--resume] [--tables a,b] [--jobs N] [--bad-rows fail|quarantine] [--drop] [--integrity full|quick] [--retry-for SECONDS] [--format text|json] [--progress text|json|none]",
  summary: "Moves the data: plan, preflight, backup, pre-data, copy, post-data, sequences, ANALYZE, verify.",
  options: {
    ...moveOptions,
    "dry-run": { type: "boolean" },
    resume: { type: "boolean" },
    jobs: { type: "string" },
    "bad-rows": { type: "string" },
    drop: { type: "boolean" },
    integrity: { type: "string" },
    "retry-for": { type: "string" },
    format: { type: "string" },
    progress: { type: "string" },
  },
  async run(args, io) {
    const format = args.choice("format", ["text", "json"], "text");
    const badRows = args.choice("bad-rows", ["fail", "quarantine"], "fail");
    const integrity = args.choice("integrity", ["full", "quick"], "full");
    const jobs = jobsOf(args);
    const retryFor = retryForOf(args);
    const tables = namedTables(args);
    const onEvent = progressWriter(args.choice("progress", progressStyles, "text"), io);
    return withMove("migrate", args, io, async (move) => {
      const report = await run({
        ...move,
        workspace: io.cwd,
        dryRun: args.flag("dry-run"),
        resume: args.flag("resume"),
        drop: args.flag("drop"),
        badRows,
        integrity,
        signal: io.signal,
        onEvent,
        ...(tables === undefined ? {} : { tables }),
        ...(jobs === undefined ? {} : { jobs }),
        ...(retryFor === undefined ? {} : { retryFor }),
      });
      io.out(format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report, (path) => shownPath(io.cwd, path)));
      return exitCodes.clean;
    });
  },
};

function jobsOf(args: Arguments): number | undefined {
  const text = args.text("jobs");
  if (text === undefined) return undefined;
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1) throw new CutoverError({ tag: "usage", what: "--jobs is not a number of sessions", why: `it is "${text}"`, next: "Pass a whole number from 1 on." });
  return jobs;
}

function retryForOf(args: Arguments): number | undefined {
  const text = args.text("retry-for");
  if (text === undefined) return undefined;
  if (!/^\d{1,6}$/.test(text)) throw new CutoverError({ tag: "usage", what: "--retry-for is not a number of seconds", why: `it is "${text}"`, next: "Pass a whole number, 0 for not at all." });
  return Number(text);
}

function estimateLines({ rows, bytes, seconds, basis }: Estimate, tables: number): string[] {
  const minutes = Math.ceil(seconds / 60);
  return [
    `${grouped(rows)} rows in ${tables} tables, ${inMegabytes(bytes)} in the source; the backup takes as much on this machine`,
    `about ${minutes === 1 ? "a minute" : `${grouped(minutes)} minutes`}, an estimate ${basis === "journal" ? "by the last run into this target" : "by the rate of a machine with two processors: the disk, the network and what else runs decide"}`,
    `the server will need about ${inMegabytes(2 * bytes)} while keys are made; how much is free there cannot be known from here`,
  ];
}

function reportText(report: MigrationReport, shown: (path: string) => string): string {
  const lines: string[] = [];
  if (report.outcome === "planned") {
    lines.push(...report.statements.map((sql) => `${sql};`), "", ...(report.estimate === undefined ? [] : estimateLines(report.estimate, report.tables.length)), `dry run: nothing was written to ${report.to}`);
    return `${lines.join("\n")}\n`;
  }
  const rows = report.tables.reduce((sum, t) => sum + t.copied, 0);
  const quarantined = report.tables.reduce((sum, t) => sum + t.quarantined, 0);
  const bytes = report.tables.reduce((sum, t) => sum + t.bytes, 0);
  lines.push(
    textTable(
      [
        { heading: "table", align: "left" },
        { heading: "source rows", align: "right" },
        { heading: "copied", align: "right" },
        { heading: "quarantined", align: "right" },
      ],
      report.tables.map((t) => [t.table, grouped(t.sourceRows), grouped(t.copied), grouped(t.quarantined)]),
    ),
    "",
    `migrated ${shown(report.from)} to ${report.to}${report.resumed ? " (resumed)" : ""}: ${grouped(rows)} rows in ${report.tables.length} tables, ${grouped(bytes)} bytes, ${report.seconds.toFixed(1)} s` +
      (quarantined === 0 ? "" : `; ${grouped(quarantined)} rows in quarantine`),
  );
  if (report.quarantineFile !== undefined) lines.push(`rows kept aside: ${shown(report.quarantineFile)}; \`cutover quarantine\` lists them`);
  if (report.backup !== undefined) lines.push(`backup of the source: ${shown(report.backup.path)}`);
  return `${lines.join("\n")}\n`;
}
