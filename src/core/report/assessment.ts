import type { SchemaDocument } from "#core/schema/schema-json.ts";
import { countFindings, type FindingCounts, type ScanReport } from "./scan-report.ts";

/** Where one part of the move stands. */
export interface Assessment {
  readonly version: 1;
  readonly scan: ScanReport;
  readonly counts: FindingCounts;
  /** Without a database or DDL file at hand, nothing is said of the schema. */
  readonly schema: SchemaDocument | undefined;
  readonly risks: readonly Risk[];
}

/** Something to think about before the switch, the most serious first. */
export interface Risk {
  readonly level: "high" | "medium" | "low";
  readonly text: string;
}

/** Sums up a scan and a schema. */
export function assess(scan: ScanReport, schema: SchemaDocument | undefined): Assessment {
  const findings = scan.files.flatMap((file) => file.findings);
  const counts = countFindings(findings);
  const risks: Risk[] = [];
  const manual = findings.filter((f) => f.applicability === "manual");
  const errors = manual.filter((f) => f.severity === "error").length;
  if (errors > 0) risks.push({ level: "high", text: `${errors} statements that PostgreSQL rejects have no automatic fix.` });
  const lost = schema?.reported.filter((each) => each.outcome === "left-out" && each.kind !== "internal-table") ?? [];
  if (lost.length > 0) risks.push({ level: "high", text: `${lost.length} objects of the schema have no translation: ${[...new Set(lost.map((each) => each.kind))].join(", ")}.` });
  const unparsed = scan.leftOut.filter((each) => each.line !== undefined).length;
  if (unparsed > 0) risks.push({ level: "medium", text: `${unparsed} texts that look like SQL could not be read.` });
  if (counts.review > 0) risks.push({ level: "medium", text: `${counts.review} fixes may change the meaning in cases that their messages name.` });
  const doubtful = schema?.tables.flatMap((t) => t.columns.filter((c) => c.confidence < 0.7).map((c) => `${t.name}.${c.name}`)) ?? [];
  if (doubtful.length > 0) risks.push({ level: "medium", text: `${doubtful.length} columns were decided with little evidence: ${doubtful.slice(0, 8).join(", ")}${doubtful.length > 8 ? ", …" : ""}.` });
  const direct = findings.filter((f) => f.rule === "direct-connection").length;
  if (direct > 0) risks.push({ level: "medium", text: `${direct} places open the SQLite file past any adapter and would go on using it after the switch.` });
  if (schema === undefined) risks.push({ level: "low", text: "No database was at hand, so column types and keys were not looked at." });
  if (counts.supplied > 0) risks.push({ level: "low", text: `${counts.supplied} calls of SQLite's functions stay in the code and are supplied by the generated adapter on PostgreSQL.` });
  return { version: 1, scan, counts, schema, risks };
}
