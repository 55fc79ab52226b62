import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Language } from "#core/hosts/site.ts";
import type { Applicability } from "#core/rules/finding.ts";
import type { FixLevel } from "#core/rules/fix-text.ts";
import { isDriver, placeholderForms, type Driver, type Mode } from "#core/rules/mode.ts";

/** Where a case's text stands: alone as one site of a Python file would, or in a whole file of a language. */
export type Host = "none" | Language;

/** One example of a rule. */
export interface RuleCase {
  readonly name: string;
  /** `pass`: the rule says nothing; `fail`: it says this; `proof`: what it says is run on both engines. */
  readonly kind: "pass" | "fail" | "proof";
  readonly text: string;
  readonly mode: Mode;
  readonly driver: Driver;
  readonly host: Host;
  readonly site: "statement" | "script" | "fragment";
  /** Whether the fixture's schema is at hand. */
  readonly schema: boolean;
  /** SQLite would refuse the text, so that no rule may look at it. */
  readonly unparsed: boolean;
  /** One for each finding, or one for all. */
  readonly applicability: readonly Applicability[];
  /** Parts of the messages, one for each finding, or one for all. */
  readonly message: readonly string[];
  /** The exact text of each finding. */
  readonly at: readonly string[];
  /** The text after the preferred fixes of this rule. */
  readonly fix: string | undefined;
  /** Titles of the first finding's fixes, all of them. */
  readonly fixes: readonly string[] | undefined;
  readonly supplied: readonly string[];
  /** Whether a pass or fail case is also run on both engines. */
  readonly prove: boolean;
  readonly parameters: readonly (string | number | null)[];
  /** Statements that run as they are on both engines behind the text: their rows must be the same, too. */
  readonly then: readonly string[];
  /** Which fixes a proof makes. */
  readonly level: FixLevel;
  /** The proof that a review is asked for with reason: the engines do not agree. */
  readonly differs: boolean;
  /** Both engines refuse it. */
  readonly refused: boolean;
}

/** A rule's examples, and the database that they speak of. */
export interface Fixture {
  readonly rule: string;
  readonly schema: string;
  readonly data: string;
  readonly cases: readonly RuleCase[];
}

const folder = join(import.meta.dirname, "..");

/** Every fixture of the folder. @throws Error naming the file and the field that is not as it should be */
export function readFixtures(): Fixture[] {
  return readdirSync(folder).filter((name) => name.endsWith(".yml")).sort().map((name) => {
    const rule = name.slice(0, -4);
    const top = fields(parse(readFileSync(join(folder, name), "utf8")), name, ["schema", "data", "cases"]);
    const cases = top["cases"];
    if (!Array.isArray(cases)) throw new Error(`${name}: cases is no list`);
    return { rule, schema: text(top["schema"], name) ?? "", data: text(top["data"], name) ?? "", cases: cases.map((each: unknown, i) => readCase(each, `${name} case ${i + 1}`)) };
  });
}

const knownFields = [
  "name", "trap", "pass", "fail", "proof", "mode", "driver", "host", "site", "schema", "unparsed", "applicability", "message", "at", "fix", "fixes", "supplied",
  "prove", "params", "then", "level", "differs", "refused",
];

function readCase(value: unknown, where: string): RuleCase {
  const f = fields(value, where, knownFields);
  const kinds = (["pass", "fail", "proof"] as const).filter((k) => f[k] !== undefined);
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1) throw new Error(`${where}: exactly one of pass, fail, proof`);
  const sql = text(f[kind], where) ?? "";
  const fix = text(f["fix"], where);
  const supplied = texts(f["supplied"], where);
  const at = texts(f["at"], where);
  if ((kind === "fail") !== (at.length > 0)) throw new Error(`${where}: at belongs to fail, and fail to at`);
  const trap = typeof f["trap"] === "number" ? ` (trap ${f["trap"]})` : "";
  return {
    name: `${kind}: ${text(f["name"], where) ?? sql.replace(/\s+/g, " ")}${trap}`,
    kind,
    text: sql,
    mode: oneOf(f["mode"] ?? "both", ["both", "postgres"], where),
    driver: oneOf(f["driver"] ?? "node-postgres", Object.keys(placeholderForms).filter(isDriver), where),
    host: oneOf(f["host"] ?? "none", ["none", "python", "typescript", "tsx", "javascript", "go", "java", "csharp", "php", "rust", "ruby", "sql"], where),
    site: oneOf(f["site"] ?? "statement", ["statement", "script", "fragment"], where),
    schema: f["schema"] !== "none",
    unparsed: f["unparsed"] === true,
    applicability: texts(f["applicability"] ?? (fix !== undefined || supplied.length > 0 ? "safe" : "manual"), where).map((each) => oneOf<Applicability>(each, ["safe", "review", "manual"], where)),
    message: texts(f["message"], where),
    at,
    fix,
    fixes: f["fixes"] === undefined ? undefined : texts(f["fixes"], where),
    supplied,
    prove: kind === "proof" || f["prove"] === true,
    parameters: Array.isArray(f["params"]) ? f["params"].map((p: unknown) => (typeof p === "number" || p === null ? p : (text(p, where) ?? null))) : [],
    then: texts(f["then"], where),
    level: oneOf(f["level"] ?? "safe", ["safe", "review"], where),
    differs: f["differs"] === true,
    refused: f["refused"] === true,
  };
}

function fields(value: unknown, where: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error(`${where}: no mapping`);
  const entries = Object.entries(value);
  const strange = entries.find(([name]) => !names.includes(name))?.[0];
  if (strange !== undefined) throw new Error(`${where}: unknown field ${strange}`);
  return Object.fromEntries(entries);
}

function text(value: unknown, where: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new Error(`${where}: ${JSON.stringify(value)} is no text`);
}

function texts(value: unknown, where: string): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((each: unknown) => text(each, where) ?? "");
}

function oneOf<T extends string>(value: unknown, choices: readonly T[], where: string): T {
  const found = choices.find((c) => c === value);
  if (found === undefined) throw new Error(`${where}: ${JSON.stringify(value)} is none of ${choices.join(", ")}`);
  return found;
}
