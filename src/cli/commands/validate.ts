import { exitCodes } from "#core/cutover-error.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import { validate as run, type Difference, type ValidationReport } from "#engine/validate/validate.ts";
import type { Command } from "../command.ts";
import { moveOptions, namedTables, withMove } from "../open-move.ts";
import { shownPath } from "../shown-path.ts";
import { progressStyles, progressWriter } from "../progress-writer.ts";

export const validate: Command = {
  usage: "[--from DB] [--to URL] [--level counts|checksums|cells] [--tables a,b] [--format text|json] [--progress text|json|none]",
  summary: "Compares both sides: row counts, a checksum of every table, or every cell; and whether every key, index and view is there.",
  options: { ...moveOptions, level: { type: "string" }, format: { type: "string" }, progress: { type: "string" } },
  async run(args, io) {
    const level = args.choice("level", ["counts", "checksums", "cells"], "checksums");
    const format = args.choice("format", ["text", "json"], "text");
    const tables = namedTables(args);
    const onEvent = progressWriter(args.choice("progress", progressStyles, "text"), io);
    return withMove("validate", args, io, async (move) => {
      const report = await run({ ...move, level, signal: io.signal, onEvent, ...(tables === undefined ? {} : { tables }) });
      io.out(format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report, shownPath(io.cwd, report.from)));
      return report.equal ? exitCodes.clean : exitCodes.findings;
    });
  },
};

function reportText(report: ValidationReport, from: string): string {
  const lines = [
    textTable(
      [
        { heading: "table", align: "left" },
        { heading: "SQLite rows", align: "right" },
        { heading: "PostgreSQL rows", align: "right" },
        { heading: "quarantined", align: "right" },
        { heading: "checksum", align: "left" },
        { heading: "", align: "left" },
      ],
      report.tables.map((t) => [
        t.table,
        grouped(t.sourceRows),
        grouped(t.targetRows),
        grouped(t.quarantined),
        t.sourceChecksum === t.targetChecksum ? (t.sourceChecksum ?? "") : `${t.sourceChecksum ?? "?"} / ${t.targetChecksum ?? "?"}`,
        t.equal ? "equal" : "DIFFERENT",
      ]),
    ),
    "",
    ...report.tables.flatMap(({ table, mended }) => mended.map(({ key, columns }) => `${table}: row ${key}, ${columns.join(", ")}: as a person has mended ${columns.length === 1 ? "it" : "them"} in the quarantine`)),
    ...report.differences.map(differenceText),
    `${report.equal ? "equal" : `${grouped(report.differences.length)} differences`}: ${from} and ${report.to}, ${report.level}, ${report.tables.length} tables, ${report.seconds.toFixed(1)} s`,
  ];
  return `${lines.join("\n")}\n`;
}

function differenceText(d: Difference): string {
  switch (d.kind) {
    case "missing-table":
      return `${d.table}: the table is not in the target`;
    case "rows":
      return `${d.table}: ${grouped(d.source)} rows in SQLite, ${grouped(d.target)} in PostgreSQL, ${grouped(d.quarantined)} in quarantine`;
    case "checksum":
      return `${d.table}: the checksums differ (--level cells names the cells)`;
    case "refused-row":
      return `${d.table}: row ${d.key}${d.column === undefined ? "" : `, column ${d.column}`}: ${d.reason}`;
    case "cell":
      return `${d.table}: row ${d.key}, column ${d.column}: ${shown(d.source)} in SQLite, ${shown(d.target)} in PostgreSQL`;
    case "missing-row":
      return `${d.table}: row ${d.key} is not in PostgreSQL`;
    case "extra-row":
      return `${d.table}: row ${d.key} is in PostgreSQL only`;
    case "missing-object":
      return `${d.table ?? "the schema"}: ${d.object} ${d.name} is not in the target`;
    case "different-object":
      return `${d.table ?? "the schema"}: ${d.object} ${d.name} ${d.problem}`;
  }
}

function shown(value: string | null): string {
  return value === null ? "NULL" : JSON.stringify(value);
}
