import { resolve } from "node:path";
import { CutoverError, exitCodes } from "#core/cutover-error.ts";
import { outcomes, type Outcome } from "#core/rules/outcome.ts";
import { basisOf, basisWithoutSchema, type TranslationBasis } from "#engine/proof/translation-basis.ts";
import { translateSql, type TranslationOptions } from "#engine/proof/translate-sql.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import type { Arguments, Command, Io } from "../command.ts";

export const translate: Command = {
  usage: "[--schema DB|SQL] [--mode both|postgres] [--params numeric|psycopg|named|qmark] [--jsonl]",
  summary:
    'Translates SQL from stdin to PostgreSQL\'s on stdout; every statement goes through PostgreSQL\'s parser and, with --schema, an embedded server. --jsonl reads {"id","sql"} a line and writes {"id","sql","outcome","findings"}.',
  options: { schema: { type: "string" }, mode: { type: "string" }, params: { type: "string" }, jsonl: { type: "boolean" } },
  async run(args, io) {
    if (args.positionals.length > 0) throw new CutoverError({ tag: "usage", what: "cutover translate reads stdin and takes no file names", next: "Write `cutover translate < FILE`." });
    const mode = args.choice("mode", ["both", "postgres"], "postgres");
    const params = args.choice("params", ["numeric", "psycopg", "named", "qmark"], "numeric");
    const basis = await basisFor(args, mode, io);
    try {
      const options: TranslationOptions = { mode, params, schema: basis.schema, translateDdl: basis.translateDdl, prover: basis.prover };
      return args.flag("jsonl") ? await lines(options, io) : await whole(options, io);
    } finally {
      await basis.close();
    }
  },
};

async function basisFor(args: Arguments, mode: TranslationOptions["mode"], io: Io): Promise<TranslationBasis> {
  const config = await loadConfig(io.cwd);
  const asked = args.text("schema");
  if (asked === undefined) return basisWithoutSchema(config);
  const basis = await basisOf(resolve(io.cwd, asked), config, mode, io.signal);
  for (const { object, message } of basis.prover?.refused ?? []) io.err(`the embedded server refuses ${object.kind} ${object.name}: ${message}\n`);
  return basis;
}

/** One script: its PostgreSQL form on stdout, what a person has to know on stderr. */
async function whole(options: TranslationOptions, io: Io): Promise<number> {
  let text = "";
  for await (const part of io.input()) text += part;
  const { sql, outcome, findings } = await translateSql(text, options);
  io.out(sql.endsWith("\n") || sql === "" ? sql : `${sql}\n`);
  for (const { rule, message, applicability } of findings) if (applicability !== "safe") io.err(`${applicability}: ${message} [${rule}]\n`);
  io.err(`${outcome}\n`);
  return exitOf(outcome);
}

/** One statement a line; an answer is written before the next line is read. */
async function lines(options: TranslationOptions, io: Io): Promise<number> {
  let worst: Outcome = "verified";
  let number = 0;
  for await (const line of linesOf(io.input())) {
    number++;
    if (line.trim() === "") continue;
    io.signal.throwIfAborted();
    const { id, sql } = parseLine(line, number);
    const { sql: translated, outcome, findings } = await translateSql(sql, options);
    io.out(`${JSON.stringify({ id, sql: translated, outcome, findings: findings.map(({ rule, message, applicability }) => ({ rule, message, applicability })) })}\n`);
    if (outcomes.indexOf(outcome) > outcomes.indexOf(worst)) worst = outcome;
  }
  return exitOf(worst);
}

function exitOf(outcome: Outcome): number {
  return outcome === "verified" || outcome === "translated" ? exitCodes.clean : exitCodes.findings;
}

function parseLine(line: string, number: number): { readonly id: unknown; readonly sql: string } {
  const refuse = (why: string): CutoverError => new CutoverError({ tag: "usage", what: "a line of the input is not {\"id\",\"sql\"}", where: `line ${number}`, why, next: "Write one JSON object a line, with a string in sql." });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause));
  }
  if (typeof value !== "object" || value === null || !("sql" in value) || typeof value.sql !== "string") throw refuse("it has no sql");
  return { id: "id" in value ? value.id : null, sql: value.sql };
}

async function* linesOf(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const part of parts) {
    const found = (rest + part).split("\n");
    rest = found.pop() ?? "";
    yield* found;
  }
  if (rest !== "") yield rest;
}
