import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { analyzeHostFile, type AnalysisOptions, type HostFileAnalysis } from "#core/rules/analyze-host-file.ts";
import { siteMemo } from "#core/rules/site-memo.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

const folder = join(import.meta.dirname, "../../../sample/app/server/repositories");
const files = readdirSync(folder).filter((name) => name.endsWith(".py"));
const options: AnalysisOptions = { path: "a.py", mode: "both", driver: "psycopg", schema: undefined, translateDdl: undefined, byEngineImport: "from database import by_engine" };

async function findings(text: string, more: Partial<AnalysisOptions>): Promise<Omit<HostFileAnalysis, "unparsed"> & { readonly unparsed: readonly string[] }> {
  const { findings: found, unparsed } = analyzeHostFile(await readHostFile("python", text), text, { ...options, ...more });
  return { findings: found, unparsed: unparsed.map(({ site, message }) => `${site.span.start} ${message}`) };
}

describe("what is kept of a site", () => {
  it("says the same as looking again, wherever the site has moved", async () => {
    assert.ok(files.length > 5);
    const memo = siteMemo();
    for (const name of files) {
      const text = readFileSync(join(folder, name), "utf8");
      await findings(text, { memo });
      const moved = text.replace(/^/, "# moved\n\n").replace("SELECT", "SELECT  ");
      assert.deepEqual(await findings(moved, { memo }), await findings(moved, {}), name);
      for (const more of [{ mode: "postgres" }, { driver: "asyncpg" }] as const) assert.deepEqual(await findings(moved, { memo, ...more }), await findings(moved, more), name);
    }
  });
});
