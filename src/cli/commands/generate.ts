import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { unifiedDiff } from "#core/text/unified-diff.ts";
import type { GeneratedFile } from "#engine/generate/adapter-project.ts";
import { describeProjects } from "#engine/generate/describe-projects.ts";
import { planAdapter } from "#engine/generate/plan-adapter.ts";
import { planCompat } from "#engine/generate/plan-compat.ts";
import { planCompose } from "#engine/generate/plan-compose.ts";
import { planEnv } from "#engine/generate/plan-env.ts";
import { writeGenerated } from "#engine/generate/write-generated.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadEnv, type Env } from "#engine/workspace/load-env.ts";
import { walkFiles } from "#engine/workspace/walk-files.ts";
import type { Arguments, Command, Io } from "../command.ts";

const kinds = ["adapter", "compat", "compose", "env"] as const;

export const generate: Command = {
  usage: "adapter|compat|compose|env [--driver psycopg2|psycopg] [--dry-run] [--force]",
  summary: "Writes files into the project: the database adapter behind its connection helper, SQLite's functions for PostgreSQL, docker-compose.yml, .env.example.",
  options: { driver: { type: "string" }, "dry-run": { type: "boolean" }, force: { type: "boolean" } },
  async run(args, io) {
    const kind = kinds.find((each) => each === args.positionals[0]);
    if (kind === undefined || args.positionals.length > 1) {
      throw new CutoverError({ tag: "usage", what: "cutover generate writes one kind of file at a time", next: `Choose one of ${kinds.join(", ")}.` });
    }
    const env = await loadEnv(io.cwd, io.env);
    const files = await planOf(kind, args, env, io);
    if (args.flag("dry-run")) {
      for (const file of files) io.out(`would ${file.kind === "create" ? "write" : "replace"} ${file.path}: ${file.reason}\n`);
      return exitCodes.clean;
    }
    for (const { path, outcome, before } of await writeGenerated(files, { root: io.cwd, force: args.flag("force") })) {
      const file = files.find((each) => each.path === path);
      io.out(`${outcome} ${path}${file === undefined ? "" : `: ${file.reason}`}\n`);
      if (outcome === "replaced" && before !== undefined && file?.kind === "replace") io.out(unifiedDiff(path, before, file.content));
    }
    return exitCodes.clean;
  },
};

async function planOf(kind: (typeof kinds)[number], args: Arguments, env: Env, io: Io): Promise<readonly GeneratedFile[]> {
  switch (kind) {
    case "adapter": {
      const config = await loadConfig(io.cwd);
      const sources: { path: string; text: string }[] = [];
      for await (const { path, text } of walkFiles(io.cwd, { ignore: config.ignore, signal: io.signal })) sources.push({ path, text });
      const projects = describeProjects(sources, { driver: args.choice("driver", ["psycopg2", "psycopg"], "psycopg2"), mode: config.mode, env });
      if (projects.length === 0) {
        throw new CutoverError({
          tag: "usage",
          what: "there is no function in this project that opens SQLite and that other files use",
          where: io.cwd,
          why: "the adapter stands behind such a helper, so that its calls go on working",
          next: "Put the opening of the database into one function (such as get_connection()) and use it everywhere, or run this in the project's own folder.",
        });
      }
      return projects.flatMap((project) => planAdapter(project));
    }
    case "compat":
      return planCompat();
    case "compose":
      return planCompose(env);
    case "env":
      return planEnv(env);
  }
}
