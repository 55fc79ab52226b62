import { execFile, execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { adapterDefaults } from "#engine/generate/adapter-project.ts";
import { detectHelper, pythonImportRoot, type SourceFile } from "#engine/generate/detect-helper.ts";
import { planAdapter } from "#engine/generate/plan-adapter.ts";
import { writeGenerated } from "#engine/generate/write-generated.ts";
import type { TestServer } from "../../support/postgres-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Writes a small project, finds its helper, generates the adapter into it. Gives the project's folder. */
export async function generatedProject(language: "python" | "typescript", files: readonly SourceFile[]): Promise<string> {
  const root = temporaryFolder();
  for (const file of files) {
    await mkdir(dirname(join(root, file.path)), { recursive: true });
    await writeFile(join(root, file.path), file.text);
  }
  const helper = detectHelper(files, language);
  if (helper === undefined) throw new Error("no helper found");
  const importRoot = language === "python" ? pythonImportRoot(helper, files) : dirname(helper.file);
  const plan = planAdapter({ ...adapterDefaults, language, importRoot, helper, driver: language === "python" ? "psycopg2" : "pg", importEnding: ".ts" });
  await writeGenerated(plan, { root });
  return root;
}

/** POSTGRES_* for one of a server's databases. */
export function postgresEnv(server: TestServer, database: string): Record<string, string> {
  return {
    DB_TYPE: "postgresql",
    POSTGRES_HOST: "127.0.0.1",
    POSTGRES_PORT: String(server.port),
    POSTGRES_DB: database,
    POSTGRES_USER: server.user,
    POSTGRES_PASSWORD: server.password,
  };
}

/** Runs a program and gives its lines; its standard error is in the error when it fails. */
export function lines(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const inherited = Object.fromEntries(["PATH", "HOME", "LANG"].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
    execFile(program, args, { cwd, env: { ...inherited, ...env }, timeout: 120_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trimEnd().split("\n"));
      else reject(new Error(`${program} ${args.join(" ")} failed:\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`, { cause: error }));
    });
  });
}

/** A Python that can import one of the drivers, and which of them; undefined where there is none. */
export function pythonWithDrivers(): { readonly python: string; readonly drivers: readonly ("psycopg2" | "psycopg")[] } | undefined {
  const candidates = [process.env["CUTOVER_TEST_PYTHON"], "/usr/bin/python3", "python3"].flatMap((each) => (each === undefined || each === "" ? [] : [each]));
  for (const python of candidates) {
    const drivers = (["psycopg2", "psycopg"] as const).filter((driver) => imports(python, driver));
    if (drivers.length > 0) return { python, drivers };
  }
  return undefined;
}

function imports(python: string, module: string): boolean {
  try {
    execFileSync(python, ["-c", `import ${module}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
