// Started once for all test files (node --test --test-global-setup): the extensions' packages, a PostgreSQL server and
// VS Code. Wants CUTOVER_VSIX, the packaged extension.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { start as startPostgres } from "../../support/postgres-server.ts";
import { startCodeServer } from "./code-server.ts";
import { packageInHost } from "./package-in-host.ts";
import { e2eFolder, screenshotFolder } from "./run-paths.ts";
import { writeRun } from "./run.ts";

const running: { readonly stop: () => Promise<void> }[] = [];

export async function globalSetup(): Promise<void> {
  const vsix = resolve(process.env["CUTOVER_VSIX"] ?? "");
  if (!vsix.endsWith(".vsix") || !existsSync(vsix)) throw new Error("CUTOVER_VSIX does not name a packaged extension: run `npm run test:e2e`, which packages it");
  rmSync(e2eFolder, { recursive: true, force: true });
  mkdirSync(screenshotFolder, { recursive: true });
  const folder = join(e2eFolder, "run");
  try {
    const postgres = await startPostgres(18);
    running.push(postgres);
    const server = await startCodeServer(folder, [vsix, await packageInHost(join(folder, "packages"))]);
    running.push(server);
    writeRun({ origin: server.origin, folder, databaseUrl: (await postgres.newDatabase()).url });
  } catch (error) {
    await globalTeardown();
    throw error;
  }
}

export async function globalTeardown(): Promise<void> {
  for (const service of running.splice(0).reverse()) await service.stop();
}
