import manifest from "../../package.json" with { type: "json" };
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import type { Command, Io } from "./command.ts";
import { parseArguments } from "./parse-arguments.ts";
import { printError } from "./print-error.ts";

/** The verbs; each is one file, loaded when it is called. */
const verbs = {
  scan: async () => (await import("./commands/scan.ts")).scan,
  translate: async () => (await import("./commands/translate.ts")).translate,
  schema: async () => (await import("./commands/schema.ts")).schema,
  migrate: async () => (await import("./commands/migrate.ts")).migrate,
  quarantine: async () => (await import("./commands/quarantine.ts")).quarantine,
  validate: async () => (await import("./commands/validate.ts")).validate,
  restore: async () => (await import("./commands/restore.ts")).restore,
  generate: async () => (await import("./commands/generate.ts")).generate,
  assess: async () => (await import("./commands/assess.ts")).assess,
} as const satisfies Record<string, () => Promise<Command>>;

type Verb = keyof typeof verbs;

function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word);
}

/** Runs one call of the command line. Never throws. @returns the exit code */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = argv;
  try {
    if (word === undefined || word === "help" || word === "--help" || word === "-h") {
      io.out(await help());
      return word === undefined ? exitCodes.usage : exitCodes.clean;
    }
    if (word === "--version") {
      io.out(`${manifest.version}\n`);
      return exitCodes.clean;
    }
    if (!isVerb(word)) {
      throw new CutoverError({ tag: "usage", what: `there is no verb "${word}"`, next: `Choose one of ${Object.keys(verbs).join(", ")}; \`cutover help\` says what they do.` });
    }
    const command = await verbs[word]();
    if (rest.includes("--help") || rest.includes("-h")) {
      io.out(`cutover ${word} ${command.usage}\n\n${command.summary}\n`);
      return exitCodes.clean;
    }
    return await command.run(parseArguments(word, command, rest), io);
  } catch (error) {
    return printError(error, io, rest.includes("--verbose"));
  }
}

async function help(): Promise<string> {
  const lines = ["cutover: moves an application from SQLite to PostgreSQL", "", "usage: cutover VERB [options]", ""];
  for (const [verb, load] of Object.entries(verbs)) {
    const command = await load();
    lines.push(`  ${verb} ${command.usage}`, `      ${command.summary}`);
  }
  lines.push("", "Exit codes: 0 done and clean, 1 findings or differences, 2 wrong usage or configuration, 3 failed, 130 cancelled.", "");
  return lines.join("\n");
}
