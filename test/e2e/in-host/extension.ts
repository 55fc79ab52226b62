import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { CheckResult, Product } from "./check.ts";
import { checks } from "./checks.ts";

/** Starts the checks, and does not wait for them: VS Code waits for an activation, and they are to see it at rest. */
export function activate(): void {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) throw new Error("no folder is open");
  const request = JSON.parse(readFileSync(join(folder, ".in-host.json"), "utf8")) as { readonly results: string };
  void writeResults(folder, request.results);
}

/** Runs the checks and writes what came of them to a file. */
async function writeResults(folder: string, file: string): Promise<void> {
  await rest();
  const results = await runChecks(folder);
  // Renamed into place, so that nobody reads half a file.
  writeFileSync(`${file}.part`, JSON.stringify(results, null, 2));
  renameSync(`${file}.part`, file);
}

async function runChecks(folder: string): Promise<readonly CheckResult[]> {
  const extension = vscode.extensions.getExtension("cutover.cutover");
  if (extension === undefined) return [{ name: "the product is installed", milliseconds: 0, failure: "VS Code does not know an extension cutover.cutover" }];
  const product: Product = { extension, folder };
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const start = performance.now();
    let failure: string | undefined;
    try {
      await run(product);
    } catch (error) {
      failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    results.push({ name, milliseconds: performance.now() - start, failure });
  }
  return results;
}

/** Resolves when the extension host has been idle for a second: VS Code and its own extensions have started. */
async function rest(): Promise<void> {
  const turn = 50;
  for (let quiet = 0; quiet < 1_000; ) {
    const start = performance.now();
    await delay(turn);
    quiet = performance.now() - start < turn + 20 ? quiet + turn : 0;
  }
}
