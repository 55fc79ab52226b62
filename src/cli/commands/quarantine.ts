import { resolve } from "node:path";
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import { writeQuarantineFile } from "#engine/migrate/quarantine-file.ts";
import { mustHaveQuarantine, quarantinedKinds, quarantinedRows, type QuarantinedKind } from "#engine/migrate/quarantined-rows.ts";
import { replay, type RefusedRow, type ReplayReport } from "#engine/migrate/replay.ts";
import { targetProblem } from "#engine/migrate/target-problem.ts";
import type { PostgresTarget } from "#engine/postgres/session.ts";
import type { Arguments, Command, Io } from "../command.ts";
import { moveOptions, namedTables, withMove, withTarget } from "../open-move.ts";
import { shownPath } from "../shown-path.ts";

export const quarantine: Command = {
  usage: "[list|replay [FILE]] [--from DB] [--to URL] [--tables a,b] [--export FILE] [--format text|json]",
  summary: "The rows that migrate --bad-rows quarantine kept aside: lists them, writes them to a file to be mended, puts them into their tables.",
  options: { ...moveOptions, export: { type: "string" }, format: { type: "string" } },
  async run(args, io) {
    const [verb = "list", file, ...rest] = args.positionals;
    const format = args.choice("format", ["text", "json"], "text");
    const out = args.text("export");
    const isReplay = verb === "replay";
    const wrong = verb !== "list" && !isReplay ? `there is no "${verb}"` : rest.length > 0 || (!isReplay && file !== undefined) ? `"${rest[0] ?? file ?? ""}" is one word too many` : isReplay && out !== undefined ? "--export belongs to list" : undefined;
    if (wrong !== undefined) throw new CutoverError({ tag: "usage", what: "cutover quarantine cannot be run like this", why: wrong, next: `Usage: cutover quarantine ${this.usage}` });
    if (isReplay) {
      return withMove("quarantine", args, io, async ({ target, plan }) => {
        const report = await replay({ target, plan, file: file === undefined ? undefined : resolve(io.cwd, file), tables: namedTables(args), signal: io.signal });
        io.out(format === "json" ? `${JSON.stringify(report, undefined, 2)}\n` : replayText(report, file));
        return report.refusedRows === 0 ? exitCodes.clean : exitCodes.findings;
      });
    }
    return withTarget("quarantine", args, io, (target) => list(target, args, io, out, format));
  },
};

async function list(target: PostgresTarget, args: Arguments, io: Io, out: string | undefined, format: "text" | "json"): Promise<number> {
  const session = await target.connect();
  try {
    await mustHaveQuarantine(session);
    const tables = namedTables(args);
    const kinds = (await quarantinedKinds(session)).filter(({ table }) => tables?.includes(table) ?? true);
    const rows = kinds.reduce((sum, kind) => sum + kind.rows, 0);
    const file = out === undefined ? undefined : resolve(io.cwd, out);
    const exported = file === undefined ? 0 : await writeQuarantineFile(file, wanted(quarantinedRows(session), tables), false);
    io.out(format === "json" ? `${JSON.stringify({ version: 1, to: target.name, rows, kinds, file }, undefined, 2)}\n` : listText(target.name, kinds, rows, file === undefined ? undefined : `${grouped(exported)} rows are in ${shownPath(io.cwd, file)}: mend their values, then run \`cutover quarantine replay FILE\``));
    return rows === 0 ? exitCodes.clean : exitCodes.findings;
  } catch (cause) {
    throw targetProblem(cause, target.name, "be read");
  } finally {
    await session.close();
  }
}

async function* wanted<T extends { readonly table: string }>(rows: AsyncIterable<T>, tables: readonly string[] | undefined): AsyncGenerator<T> {
  for await (const row of rows) if (tables?.includes(row.table) ?? true) yield row;
}

function listText(to: string, kinds: readonly QuarantinedKind[], rows: number, exported: string | undefined): string {
  const table = textTable(
    [
      { heading: "table", align: "left" },
      { heading: "column", align: "left" },
      { heading: "rows", align: "right" },
      { heading: "such as", align: "left" },
      { heading: "reason", align: "left" },
    ],
    kinds.map((kind) => [kind.table, kind.column ?? "", grouped(kind.rows), kind.example, kind.reason]),
  );
  return `${[...(kinds.length === 0 ? [] : [table, ""]), `${rows === 0 ? "no rows are" : rows === 1 ? "1 row is" : `${grouped(rows)} rows are`} kept aside in ${to}`, ...(exported === undefined ? [] : [exported])].join("\n")}\n`;
}

function replayText(report: ReplayReport, file: string | undefined): string {
  const refused = ({ table, key, line, column, reason }: RefusedRow): string => `${file === undefined || line === undefined ? "" : `${file}:${line}: `}${table}: row ${key}${column === undefined ? "" : `, column ${column}`}: ${reason}`;
  const more = report.refusedRows - report.refused.length;
  const lines = [
    ...report.refused.map(refused),
    ...(more > 0 ? [`and ${grouped(more)} more`] : []),
    `${grouped(report.replayed)} ${report.replayed === 1 ? "row" : "rows"} went into ${report.to}${report.mended === 0 ? "" : `, ${grouped(report.mended)} of them mended`}` +
      `${report.gone === 0 ? "" : `; ${grouped(report.gone)} of the file were not in the quarantine any more`}${report.refusedRows === 0 ? "" : `; ${grouped(report.refusedRows)} ${report.refusedRows === 1 ? "was" : "were"} refused`}; ${grouped(report.left)} ${report.left === 1 ? "is" : "are"} kept aside`,
  ];
  return `${lines.join("\n")}\n`;
}
