import { relative, resolve } from "node:path";
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { grouped, textTable } from "#core/report/text-table.ts";
import { backupFolder, listBackups, type KeptBackup } from "#engine/migrate/backup-files.ts";
import { restoreBackup } from "#engine/migrate/restore.ts";
import type { Command, Io } from "../command.ts";
import { shownPath } from "../shown-path.ts";

export const restore: Command = {
  usage: "[BACKUP --over DB] [--format text|json]",
  summary: "Lists the backups of the SQLite files that migrate has made, or brings one back onto the place of its database.",
  options: { over: { type: "string" }, format: { type: "string" } },
  async run(args, io) {
    const format = args.choice("format", ["text", "json"], "text");
    const folder = backupFolder(io.cwd);
    const backups = await listBackups(folder);
    const [wanted, ...others] = args.positionals;
    if (others.length > 0) throw new CutoverError({ tag: "usage", what: "One backup is brought back at a time", why: `these are several: ${args.positionals.join(", ")}`, next: "Name one." });
    if (wanted === undefined) {
      if (args.text("over") !== undefined) throw new CutoverError({ tag: "usage", what: "--over does nothing without a backup", next: "Name the backup: `cutover restore` lists them." });
      io.out(format === "json" ? `${JSON.stringify({ version: 1, backups: backups.map((backup) => asJson(backup)) }, undefined, 2)}\n` : listText(backups, io));
      return exitCodes.clean;
    }
    const backup = backups.find(({ name }) => name === wanted || name === `${wanted}.db` || resolve(folder, name) === resolve(io.cwd, wanted));
    if (backup === undefined) {
      throw new CutoverError({ tag: "usage", what: "There is no such backup", where: wanted, why: backups.length === 0 ? "no backups are in .cutover/backups" : `there are ${backups.map(({ name }) => name).join(", ")}`, next: "Name one of them: `cutover restore` lists them." });
    }
    mustBeConfirmed(backup, args.text("over"), io);
    const done = await restoreBackup(backup, folder);
    if (format === "json") {
      io.out(`${JSON.stringify({ version: 1, ...done }, undefined, 2)}\n`);
      return exitCodes.clean;
    }
    io.out(`restored ${shownPath(io.cwd, done.database)} from ${backup.name}, of ${backup.made.toISOString()}\n`);
    if (done.before !== undefined) io.out(`what was there before: ${shownPath(io.cwd, done.before)}\n`);
    return exitCodes.clean;
  },
};

/** What is written over must be named by who asks for it. @throws CutoverError usage */
function mustBeConfirmed({ name, note }: KeptBackup, over: string | undefined, io: Io): void {
  const path = relative(io.cwd, note.source).startsWith("..") ? note.source : relative(io.cwd, note.source);
  const next = `Pass --over ${path} to have that database written over; what is in it is kept as a backup first.`;
  if (over === undefined) throw new CutoverError({ tag: "usage", what: `${name} would be written over ${path}`, why: "what is written over must be named", next });
  if (resolve(io.cwd, over) !== note.source) throw new CutoverError({ tag: "usage", what: `${name} is no backup of ${over}`, why: `it is of ${path}`, next });
}

function asJson({ name, path, made, bytes, note }: KeptBackup): Readonly<Record<string, unknown>> {
  return { name, path, made: made.toISOString(), bytes, source: note.source, neededFor: note.neededFor };
}

function listText(backups: readonly KeptBackup[], io: Io): string {
  if (backups.length === 0) return "no backups in .cutover/backups\n";
  return `${textTable(
    [
      { heading: "backup", align: "left" },
      { heading: "of", align: "left" },
      { heading: "made (UTC)", align: "left" },
      { heading: "bytes", align: "right" },
      { heading: "", align: "left" },
    ],
    backups.map(({ name, made, bytes, note }) => [name, shownPath(io.cwd, note.source), made.toISOString().slice(0, 19).replace("T", " "), grouped(bytes), note.neededFor === undefined ? "" : `needed to resume into ${note.neededFor}`]),
  )}\n`;
}
