import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse as parseJson, printParseErrorCode, type ParseError } from "jsonc-parser";
import { CutoverError } from "#core/cutover-error.ts";
import type { Severity } from "#core/rules/finding.ts";
import { isDriver, placeholderForms, type Driver, type Mode } from "#core/rules/mode.ts";
import { reportedRules } from "#core/rules/registry.ts";
import { defaultPolicies, foldName, type Overrides, type Policies, type PostgresType } from "#core/schema/decision.ts";
import type { DistributionChoice } from "#core/schema/distributed.ts";
import type { PartitionChoice, PartitionChoices } from "#core/schema/partition-choice.ts";
import { lineIndex } from "#core/text/line-index.ts";
import type { ConnectionDefaults } from "../postgres/server-address.ts";
import { defaultLimits, type ScanLimits } from "./scan-limits.ts";

/** One move that the team has configured: a SQLite file and the PostgreSQL it goes to. */
export interface DatabaseConfig {
  readonly name: string;
  /** The SQLite file, relative to the workspace root. */
  readonly source: string;
  /** `embedded`, `embedded:DIR`, `env:NAME` (a variable that holds a URL) or a postgres:// URL without a password. */
  readonly target: string;
}

/** What cutover.json holds, with the defaults filled in. */
export interface Config {
  /** Whether there is a cutover.json at all. */
  readonly present: boolean;
  readonly mode: Mode;
  readonly databases: readonly DatabaseConfig[];
  /** The target schema. */
  readonly schema: string;
  /** The oldest major version of PostgreSQL that the DDL has to run on, 14 to 18. */
  readonly targetVersion: number;
  readonly policies: Policies;
  readonly overrides: Overrides;
  /** Tables that are to be partitioned, by name, folded. */
  readonly partitions: PartitionChoices;
  /** How the tables are spread over a distributed target; undefined when there is none. */
  readonly distributed: DistributionChoice | undefined;
  /** Target drivers by path prefix or glob, first match wins. */
  readonly drivers: readonly { readonly glob: string; readonly driver: Driver }[];
  /** Globs of files that are not scanned. */
  readonly ignore: readonly string[];
  /** Findings that are left alone, by path and rule. */
  readonly ignores: readonly IgnoreEntry[];
  /** How serious a rule's findings are, where the team sees it differently; `off` leaves them out. */
  readonly severity: ReadonlyMap<string, Severity | "off">;
  /** What one file may cost a scan. */
  readonly limits: ScanLimits;
  /** How servers are connected to. */
  readonly connections: ConnectionDefaults;
  /** Days that backups of a source are kept; 0 for ever. */
  readonly backupDays: number;
}

/** Findings that a team leaves alone. At least one of `paths` and `rules` narrows it. */
export interface IgnoreEntry {
  /** In .gitignore's language; undefined for every file. */
  readonly paths: readonly string[] | undefined;
  /** Rule ids; undefined for every rule. */
  readonly rules: readonly string[] | undefined;
  readonly reason: string;
}

export const configFileName = "cutover.json";

const severities = ["error", "warning", "information", "off"] as const satisfies readonly (Severity | "off")[];
const modes = ["both", "postgres"] as const satisfies readonly Mode[];
const drivers = Object.keys(placeholderForms).filter(isDriver);
const types = [
  "bigint",
  "integer",
  "boolean",
  "double precision",
  "numeric",
  "text",
  "bytea",
  "timestamp",
  "timestamptz",
  "date",
  "jsonb",
  "uuid",
] as const satisfies readonly PostgresType[];
const policyValues: { readonly [K in keyof Policies]: readonly Policies[K][] } = {
  keys: ["bigserial", "identity"],
  booleans: ["boolean", "integer"],
  json: ["jsonb", "text"],
  dates: ["timestamp", "timestamptz", "text"],
  collation: ["C", "default"],
  integers: ["bigint", "integer"],
  texts: ["text", "varchar"],
  uuids: ["text", "uuid"],
};

/**
 * Reads cutover.json of a workspace; without one, the defaults.
 * @throws CutoverError config-invalid, naming the line, when the file cannot be used as it stands.
 */
export async function loadConfig(root: string): Promise<Config> {
  const path = join(root, configFileName);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { ...parseConfig("{}", path), present: false };
    throw new CutoverError({ tag: "config-invalid", what: "cutover.json cannot be read", where: path, why: String(error), next: "Make the file readable, or remove it.", cause: error });
  }
  return parseConfig(text, path);
}

/**
 * Parses the text of a cutover.json (comments and trailing commas allowed).
 * @throws CutoverError config-invalid
 */
export function parseConfig(text: string, path: string): Config {
  const problems: ParseError[] = [];
  const value: unknown = parseJson(text, problems, { allowTrailingComma: true });
  const first = problems[0];
  if (first !== undefined) {
    const at = lineIndex(text).positionAt(first.offset);
    throw invalid(`${path}:${at.line + 1}:${at.character + 1}`, `it is not JSON: ${printParseErrorCode(first.error)}`);
  }
  const object = record(value, path, "the document");
  const known = new Set(["$schema", "mode", "databases", "schema", "targetVersion", "policies", "overrides", "partitions", "distributed", "drivers", "ignore", "ignores", "severity", "limits", "connections", "backups"]);
  for (const key of Object.keys(object)) {
    if (!known.has(key)) throw invalid(path, `it has an unknown key "${key}"; known are ${[...known].join(", ")}`);
  }
  const policies = { ...defaultPolicies, ...parsePolicies(object["policies"], path) };
  return {
    present: true,
    mode: object["mode"] === undefined ? "both" : oneOf(object["mode"], modes, path, "mode"),
    databases: list(object["databases"], path, "databases").map((entry, i) => database(entry, path, i)),
    schema: object["schema"] === undefined ? "public" : text1(object["schema"], path, "schema"),
    targetVersion: parseTargetVersion(object["targetVersion"], path),
    policies,
    overrides: new Map(
      Object.entries(object["overrides"] === undefined ? {} : record(object["overrides"], path, "overrides")).map(([key, type]) => {
        if (!key.includes(".")) throw invalid(path, `overrides: "${key}" is not of the form table.column`);
        return [foldName(key), oneOf(type, types, path, `overrides["${key}"]`)];
      }),
    ),
    partitions: new Map(
      Object.entries(object["partitions"] === undefined ? {} : record(object["partitions"], path, "partitions")).map(([table, choice]) => [foldName(table), partitionChoice(choice, path, `partitions["${table}"]`)]),
    ),
    distributed: object["distributed"] === undefined ? undefined : distribution(object["distributed"], path),
    drivers: Object.entries(object["drivers"] === undefined ? {} : record(object["drivers"], path, "drivers")).map(([glob, driver]) => ({
      glob,
      driver: oneOf(driver, drivers, path, `drivers["${glob}"]`),
    })),
    ignore: list(object["ignore"], path, "ignore").map((glob, i) => text1(glob, path, `ignore[${i}]`)),
    ignores: list(object["ignores"], path, "ignores").map((entry, i) => ignoreEntry(entry, path, `ignores[${i}]`)),
    severity: new Map(
      Object.entries(object["severity"] === undefined ? {} : record(object["severity"], path, "severity")).map(([rule, level]) => [ruleId(rule, path, "severity"), oneOf(level, severities, path, `severity["${rule}"]`)]),
    ),
    limits: parseLimits(object["limits"], path),
    connections: parseConnections(object["connections"], path),
    backupDays: parseBackupDays(object["backups"], path),
  };
}

function partitionChoice(value: unknown, path: string, where: string): PartitionChoice {
  const { by, every, ahead, ...others } = record(value, path, where);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(path, `${where} has an unknown key "${unknown}"; known are by, every, ahead`);
  if (every !== "month" && every !== "year" && !(typeof every === "number" && Number.isSafeInteger(every) && every > 0)) throw invalid(path, `${where}.every must be "month", "year" or a number of integers`);
  if (ahead !== undefined && !(typeof ahead === "number" && Number.isSafeInteger(ahead) && ahead >= 0 && ahead <= 120)) throw invalid(path, `${where}.ahead must be a number from 0 to 120`);
  return { by: text1(by, path, `${where}.by`), every, ahead: ahead ?? 3 };
}

function distribution(value: unknown, path: string): DistributionChoice {
  const { target, columns, reference, local, ...others } = record(value, path, "distributed");
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(path, `distributed has an unknown key "${unknown}"; known are target, columns, reference, local`);
  oneOf(target, ["citus"], path, "distributed.target");
  const names = (entries: unknown, name: string): ReadonlySet<string> => new Set(list(entries, path, `distributed.${name}`).map((entry, i) => foldName(text1(entry, path, `distributed.${name}[${i}]`))));
  return {
    columns: new Map(Object.entries(columns === undefined ? {} : record(columns, path, "distributed.columns")).map(([table, column]) => [foldName(table), text1(column, path, `distributed.columns["${table}"]`)])),
    reference: names(reference, "reference"),
    local: names(local, "local"),
  };
}

function parseTargetVersion(value: unknown, path: string): number {
  if (value === undefined) return 14;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 14 || value > 18) throw invalid(path, "targetVersion must be a major version of PostgreSQL, 14 to 18");
  return value;
}

function parsePolicies(value: unknown, path: string): Partial<Policies> {
  if (value === undefined) return {};
  const object = record(value, path, "policies");
  for (const key of Object.keys(object)) {
    if (!(key in policyValues)) throw invalid(path, `policies has an unknown key "${key}"; known are ${Object.keys(policyValues).join(", ")}`);
  }
  const { keys, booleans, json, dates, collation } = object;
  return {
    ...(keys === undefined ? {} : { keys: oneOf(keys, policyValues.keys, path, "policies.keys") }),
    ...(booleans === undefined ? {} : { booleans: oneOf(booleans, policyValues.booleans, path, "policies.booleans") }),
    ...(json === undefined ? {} : { json: oneOf(json, policyValues.json, path, "policies.json") }),
    ...(dates === undefined ? {} : { dates: oneOf(dates, policyValues.dates, path, "policies.dates") }),
    ...(collation === undefined ? {} : { collation: oneOf(collation, policyValues.collation, path, "policies.collation") }),
  };
}

function parseLimits(value: unknown, path: string): ScanLimits {
  const object = value === undefined ? {} : record(value, path, "limits");
  for (const key of Object.keys(object)) {
    if (!(key in defaultLimits)) throw invalid(path, `limits has an unknown key "${key}"; known are ${Object.keys(defaultLimits).join(", ")}`);
  }
  const { maxFileBytes = defaultLimits.maxFileBytes, maxFileSeconds = defaultLimits.maxFileSeconds } = object;
  return { maxFileBytes: atLeast1(maxFileBytes, path, "limits.maxFileBytes", 500_000_000), maxFileSeconds: atLeast1(maxFileSeconds, path, "limits.maxFileSeconds", 3600) };
}

/** The most that each number of `connections` can be. */
const connectionNumbers = { min: 100, max: 100, timeout: 86_400, statementTimeout: 2_147_483_647, lockTimeout: 2_147_483_647 } as const;

function parseConnections(value: unknown, path: string): ConnectionDefaults {
  const object = value === undefined ? {} : record(value, path, "connections");
  for (const key of Object.keys(object)) {
    if (!Object.hasOwn(connectionNumbers, key)) throw invalid(path, `connections has an unknown key "${key}"; known are ${Object.keys(connectionNumbers).join(", ")}`);
  }
  const number = (key: keyof typeof connectionNumbers, least: number): number | undefined =>
    object[key] === undefined ? undefined : wholeFrom(least, object[key], path, `connections.${key}`, connectionNumbers[key]);
  const connections = { min: number("min", 1), max: number("max", 1), timeout: number("timeout", 0), statementTimeout: number("statementTimeout", 0), lockTimeout: number("lockTimeout", 0) };
  if ((connections.min ?? 1) > (connections.max ?? connectionNumbers.max)) throw invalid(path, "connections.min is larger than connections.max");
  return connections;
}

/** Days that backups are kept unless cutover.json says otherwise. */
export const defaultBackupDays = 30;

function parseBackupDays(value: unknown, path: string): number {
  const { days = defaultBackupDays, ...others } = value === undefined ? {} : record(value, path, "backups");
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalid(path, `backups has an unknown key "${unknown}"; known is days`);
  return wholeFrom(0, days, path, "backups.days", 36_500);
}

function atLeast1(value: unknown, path: string, what: string, most: number): number {
  return wholeFrom(1, value, path, what, most);
}

function wholeFrom(least: number, value: unknown, path: string, what: string, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) throw invalid(path, `${what} must be a whole number from ${least} to ${most}`);
  return value;
}

function database(value: unknown, path: string, index: number): DatabaseConfig {
  const where = `databases[${index}]`;
  const object = record(value, path, where);
  const source = text1(object["source"], path, `${where}.source`);
  const target = text1(object["target"], path, `${where}.target`);
  if (/^postgres(ql)?:\/\/[^/@]*:[^/@]*@/.test(target)) {
    throw invalid(path, `${where}.target holds a password; name an environment variable instead: "env:DATABASE_URL"`);
  }
  return { name: object["name"] === undefined ? source.replace(/^.*\//, "").replace(/\.[^.]*$/, "") : text1(object["name"], path, `${where}.name`), source, target };
}

function ignoreEntry(value: unknown, path: string, where: string): IgnoreEntry {
  const object = record(value, path, where);
  const { paths, rules, reason, ...others } = object;
  for (const key of Object.keys(others)) throw invalid(path, `${where} has an unknown key "${key}"; known are paths, rules, reason`);
  const texts = (entries: unknown, name: string): readonly string[] | undefined => {
    if (entries === undefined) return undefined;
    const read = list(entries, path, `${where}.${name}`).map((entry, i) => text1(entry, path, `${where}.${name}[${i}]`));
    if (read.length === 0) throw invalid(path, `${where}.${name} is empty; leave it out to mean all`);
    return read;
  };
  const entry = { paths: texts(paths, "paths"), rules: texts(rules, "rules")?.map((rule) => ruleId(rule, path, where)), reason: text1(reason, path, `${where}.reason`) };
  if (entry.paths === undefined && entry.rules === undefined) throw invalid(path, `${where} names neither paths nor rules, so it would ignore everything`);
  return entry;
}

/** A misspelt rule would be ignored for nobody. */
function ruleId(id: string, path: string, where: string): string {
  if (!reportedRules.some((rule) => rule.id === id)) throw invalid(path, `${where}: there is no rule "${id}"; known are ${reportedRules.map((rule) => rule.id).sort().join(", ")}`);
  return id;
}

function record(value: unknown, path: string, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(path, `${what} must be an object`);
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown, path: string, what: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(path, `${what} must be a list`);
  return value.map((entry: unknown) => entry);
}

function text1(value: unknown, path: string, what: string): string {
  if (typeof value !== "string" || value === "") throw invalid(path, `${what} must be a text`);
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], path: string, what: string): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw invalid(path, `${what} must be one of ${allowed.join(", ")}`);
  return found;
}

function invalid(where: string, why: string): CutoverError {
  return new CutoverError({ tag: "config-invalid", what: "cutover.json cannot be used", where, why, next: "Mend the file; the editor checks it against its schema as you type." });
}
