import { execFile } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { nodeBinary, root } from "./run-paths.ts";

const run = promisify(execFile);

/**
 * Packages the extension that checks the product from inside VS Code (test/e2e/in-host).
 *
 * @param folder where to put it; made when it is not there
 * @returns the .vsix
 * @throws when it cannot be built or packaged
 */
export async function packageInHost(folder: string): Promise<string> {
  const source = join(root, "test", "e2e", "in-host");
  const made = join(folder, "in-host");
  mkdirSync(made, { recursive: true });
  for (const file of ["package.json", "README.md"]) cpSync(join(source, file), join(made, file));
  cpSync(join(root, "LICENSE"), join(made, "LICENSE"));
  await build({
    entryPoints: [join(source, "extension.ts")],
    outfile: join(made, "extension.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    logLevel: "warning",
  });
  const vsix = join(folder, "in-host.vsix");
  const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
  await run(nodeBinary, [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--out", vsix], { cwd: made });
  return vsix;
}
