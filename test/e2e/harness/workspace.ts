import { execFile } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { nodeBinary, root } from "./run-paths.ts";
import { readRun } from "./run.ts";

const run = promisify(execFile);

/** A folder to open in VS Code. */
export interface Workspace {
  readonly folder: string;
  /** The text of one of its files now. */
  readonly read: (path: string) => Promise<string>;
}

/** The sample's database, in the workspace. */
export const sampleDatabase = "app/server/db/database.db";

/**
 * A fresh copy of the sample application with a small database, as a team would have it that has just configured
 * Cutover: cutover.json names the database and the variable of the target's URL, .env holds the variable.
 *
 * @param name of the folder; used once in a run
 */
export async function sampleWorkspace(name: string): Promise<Workspace> {
  const { databaseUrl } = readRun();
  const workspace = await plainWorkspace(name, {
    "cutover.json": `${JSON.stringify({ mode: "both", databases: [{ name: "app", source: sampleDatabase, target: "env:DATABASE_URL" }] }, null, 2)}\n`,
    ".env": `DATABASE_URL=${databaseUrl}\n`,
  });
  const sample = join(root, "sample");
  await cp(sample, workspace.folder, { recursive: true, filter: (path) => belongsToSample(basename(path)) });
  await run(nodeBinary, [join(sample, "generate.mjs"), "--size", "small", "--out", join(workspace.folder, sampleDatabase)]);
  return workspace;
}

/** A folder with these files, by path, and nothing else. */
export async function plainWorkspace(name: string, files: Readonly<Record<string, string>>): Promise<Workspace> {
  const folder = join(readRun().folder, "workspaces", name);
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  return { folder, read: (path) => readFile(join(folder, path), "utf8") };
}

/** Leaves out what earlier runs of the sample left in its folder. */
function belongsToSample(name: string): boolean {
  return name !== "__pycache__" && name !== "node_modules" && name !== ".cutover" && !/\.db(-wal|-shm|-journal)?$/.test(name);
}
