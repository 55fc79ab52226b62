import type { Catalog, Column, Table } from "./catalog.ts";
import { columnKey, foldName, type ColumnProfile, type Decision, type KeyStyle, type Overrides, type Policies, type PostgresType } from "./decision.ts";
import { readDefault, type DefaultValue } from "./default-value.ts";
import { flagName } from "./flag-name.ts";
import { numberText as number } from "./number-text.ts";
import { suggestionsFor } from "./suggestions.ts";
import { typeFit } from "./type-fit.ts";

/** A type with its reasons, before policies on collation and keys are applied. */
interface Choice {
  readonly type: PostgresType;
  readonly evidence: string;
  readonly warnings: readonly string[];
  readonly confidence: number;
  readonly keyStyle?: KeyStyle;
}

/**
 * Chooses a PostgreSQL type for every column: from all of its values when a profile is there, otherwise from its
 * declaration. One value that does not fit is enough: the type that holds every value wins, and the others are counted.
 * Columns that a foreign key compares get one type, the parent's, where their values allow it.
 * @param overrides types that a person chose, by `table.column` in any case; they are taken as they are.
 */
export function decide(
  catalog: Catalog,
  profiles: ReadonlyMap<string, ColumnProfile> | undefined,
  policies: Policies,
  overrides: Overrides,
): Map<string, Decision> {
  const tables = new Map(catalog.tables.map((table) => [foldName(table.name), table]));
  const chosen = new Map([...overrides].map(([key, type]) => [foldName(key), type]));
  const decided = new Map<string, Decision>();
  const open = new Set<string>();
  const indexed = indexedColumns(catalog);

  const resolve = (table: Table, column: Column): Decision => {
    const key = columnKey(table.name, column);
    const before = decided.get(key);
    if (before !== undefined) return before;
    open.add(key);
    const profile = profiles?.get(key);
    const own = (): Choice => ownChoice({ table, column, profile, policies, compared: indexed.has(key) });
    const override = chosen.get(key);
    let choice: Choice;
    if (override !== undefined) {
      const said = own();
      choice = { ...said, type: override, evidence: `Chosen by a person; on its own: ${said.type} (${said.evidence})`, confidence: 1, warnings: misfits(override, profile) };
    } else {
      choice = fromParent(table, column, profile) ?? own();
    }
    open.delete(key);
    const decision: Decision = {
      table: table.name,
      column: column.name,
      type: choice.type,
      collation: choice.type === "text" && policies.collation === "C" ? "C" : undefined,
      keyStyle: (choice.type === "bigint" || choice.type === "integer") && table.rowidAlias === column.name ? policies.keys : "none",
      evidence: choice.evidence,
      warnings: choice.warnings,
      confidence: choice.confidence,
      overridden: override !== undefined,
      length: choice.type === "text" && override === undefined && policies.texts === "varchar" ? keptLength(column, profile) : undefined,
      suggestions: profile === undefined || override !== undefined ? [] : suggestionsFor(column, profile, choice.type),
    };
    decided.set(key, decision);
    return decision;
  };

  const fromParent = (table: Table, column: Column, profile: ColumnProfile | undefined): Choice | undefined => {
    if (table.rowidAlias === column.name) return undefined;
    for (const foreignKey of table.foreignKeys) {
      const place = foreignKey.columns.indexOf(column.name);
      const parent = tables.get(foldName(foreignKey.parent));
      const parentColumn = parent?.columns.find((other) => other.name === foreignKey.parentColumns[place]);
      if (place < 0 || parent === undefined || parentColumn === undefined) continue;
      if (open.has(columnKey(parent.name, parentColumn))) continue; // a circle: whoever was asked first decides
      const { type, confidence } = resolve(parent, parentColumn);
      const misfit = misfits(type, profile);
      if (misfit.length > 0) continue;
      return {
        type,
        evidence: `Refers to ${parent.name}.${parentColumn.name}, which is ${type}${count(profile) > 0 ? `; ${all(count(profile))} fit` : ""}`,
        warnings: textWarnings(type, profile),
        confidence,
      };
    }
    return undefined;
  };

  for (const table of catalog.tables) for (const column of table.columns) resolve(table, column);
  return new Map(catalog.tables.flatMap((table) => table.columns.map((column) => {
    const key = columnKey(table.name, column);
    return [key, resolve(table, column)] as const;
  })));
}

/** Columns whose values are compared by a key or an index: jsonb would compare them another way. */
function indexedColumns(catalog: Catalog): Set<string> {
  const found = new Set<string>();
  for (const table of catalog.tables) {
    for (const constraint of [table.primaryKey, ...table.uniques]) for (const column of constraint?.columns ?? []) found.add(columnKey(table.name, column));
    for (const key of table.foreignKeys) for (const column of key.columns) found.add(columnKey(table.name, column));
  }
  for (const index of catalog.indexes) for (const key of index.keys) if (key.kind === "column") found.add(columnKey(index.table, key.text));
  return found;
}

interface Facts {
  readonly table: Table;
  readonly column: Column;
  readonly profile: ColumnProfile | undefined;
  readonly policies: Policies;
  /** A key or an index compares the column's values. */
  readonly compared: boolean;
}

function ownChoice(facts: Facts): Choice {
  const { table, column, profile } = facts;
  if (table.virtual?.kind === "full-text" && table.rowidAlias !== column.name) {
    return { type: "text", evidence: "A full-text table's: words are looked for in texts", warnings: textWarnings("text", profile), confidence: 0.9 };
  }
  if (table.rowidAlias === column.name) {
    if (facts.policies.integers === "integer" && profile !== undefined && profile.integers > 0 && (profile.minInteger ?? 0n) >= 0n && (profile.maxInteger ?? 0n) < 2n ** 30n) {
      return { type: "integer", evidence: `INTEGER PRIMARY KEY; values up to ${number(profile.maxInteger ?? 0n)}, less than half of what 32 bits hold, and the policy takes integer`, warnings: [], confidence: 0.8 };
    }
    const range = profile?.minInteger === undefined ? "" : `; values from ${number(profile.minInteger)} to ${number(profile.maxInteger ?? 0n)}`;
    return { type: "bigint", evidence: `INTEGER PRIMARY KEY: the 64-bit rowid, which the database hands out${range}`, warnings: [], confidence: 1 };
  }
  return profile === undefined || count(profile) === 0 ? byDeclaration(facts) : byValues(facts, profile);
}

// --- by values ---------------------------------------------------------------------------------

function byValues(facts: Facts, profile: ColumnProfile): Choice {
  const { integers, reals, texts, blobs } = profile;
  const values = count(profile);
  if (integers === values) return fromIntegers(facts, profile);
  if (texts === values) return fromTexts(facts, profile);
  if (blobs === values) return { type: "bytea", evidence: `${all(values)} are BLOBs`, warnings: [], confidence: 1 };
  if (integers + reals === values) return fromNumbers(facts, profile);
  const parts = mixture(profile);
  if (blobs > 0) {
    const kept = [texts > 0 && "texts as UTF-8", integers + reals > 0 && "numbers as their digits"].filter((part) => part !== false).join(", ");
    return {
      type: "bytea",
      evidence: `Values of several kinds (${parts}): bytes hold them all, ${kept}`,
      warnings: [`${number(values - blobs)} of ${number(values)} values are no BLOBs: choose text, or quarantine the others, if the column is meant as text`],
      confidence: 0.3,
    };
  }
  return {
    type: "text",
    evidence: `Values of several kinds (${parts}): text holds them all`,
    warnings: [
      `${number(integers + reals)} of ${number(values)} values are numbers and become their digits: choose a number type, and quarantine the texts, if the column is meant as a number`,
      ...textWarnings("text", profile),
    ],
    confidence: 0.4,
  };
}

function fromIntegers({ table, column, policies, compared }: Facts, profile: ColumnProfile): Choice {
  const values = profile.integers;
  const range = `from ${number(profile.minInteger ?? 0n)} to ${number(profile.maxInteger ?? 0n)}`;
  if (profile.zeroOrOne === values && policies.booleans === "boolean") {
    const reason = flagReason(table, column);
    if (reason !== undefined && !isKey(table, column)) {
      return { type: "boolean", evidence: `${all(values)} are 0 or 1, and ${reason.text}`, warnings: [], confidence: profile.minInteger === profile.maxInteger ? Math.min(reason.confidence, 0.8) : reason.confidence };
    }
  }
  if (isDecimal(column)) return { type: "numeric", evidence: `Declared ${column.declaredType}; ${all(values)} are integers, ${range}`, warnings: [], confidence: 0.9 };
  const dated = isDateType(column.declaredType) && !compared ? `; declared ${column.declaredType}, but the values are numbers (an epoch?), which stay as they are` : "";
  if (policies.integers === "integer" && typeFit("integer", profile).refused === 0) {
    return { type: "integer", evidence: `${all(values)} are integers, ${range}, which 32 bits hold, and the policy takes integer${dated}`, warnings: [], confidence: 0.8 };
  }
  return { type: "bigint", evidence: `${all(values)} are integers, ${range}${dated}`, warnings: [], confidence: dated === "" ? 0.95 : 0.7 };
}

/** Beyond it a double no longer holds every integer. */
const exactDouble = 2n ** 53n;

function fromNumbers({ column }: Facts, profile: ColumnProfile): Choice {
  const { integers, reals, decimals } = profile;
  const values = integers + reals;
  const exact = -(profile.minInteger ?? 0n) <= exactDouble && (profile.maxInteger ?? 0n) <= exactDouble;
  if (isDecimal(column) && decimals === reals) {
    return { type: "numeric", evidence: `Declared ${column.declaredType}; ${all(values)} are exact decimals (${mixture(profile)})`, warnings: [], confidence: 0.95 };
  }
  if (exact) {
    const note = integers === 0 || reals === 0 ? `${all(values)} are floating-point numbers` : `${mixture(profile)}: double precision holds them all exactly`;
    const declared = isDecimal(column) ? `; declared ${column.declaredType}, but not all are decimals of at most 15 digits` : "";
    return { type: "double precision", evidence: note + declared, warnings: [], confidence: column.affinity === "REAL" ? 1 : 0.8 };
  }
  return {
    type: "numeric",
    evidence: `${mixture(profile)}, integers beyond 2^53 among them: only numeric holds them all`,
    warnings: [`numeric computes decimally where SQLite computes with doubles`],
    confidence: 0.6,
  };
}

function fromTexts({ column, policies, compared }: Facts, profile: ColumnProfile): Choice {
  const values = profile.texts;
  const fallback = (reason: string): Choice => ({ type: "text", evidence: reason, warnings: textWarnings("text", profile), confidence: profile.invalidUtf8 + profile.nulCharacters > 0 ? 0.3 : 0.9 });
  const special = column.default === undefined ? undefined : readDefault(column.default);
  const unsound = profile.invalidUtf8 + profile.nulCharacters;
  if (unsound * 2 > values) {
    return { type: "bytea", evidence: `${number(unsound)} of ${number(values)} texts are not valid UTF-8 or hold U+0000: these are bytes, and bytea holds them all`, warnings: unsound < values ? [`${number(values - unsound)} of ${number(values)} values are texts and become their bytes`] : [], confidence: 0.5 };
  }
  if (profile.isoTimestamps === values) {
    if (policies.dates === "text") return fallback(`${all(values)} are ISO timestamps; the policy keeps dates as text`);
    if (!defaultFits(policies.dates, special)) return fallback(`${all(values)} are ISO timestamps, but the default ${column.default ?? ""} is none`);
    const reworded = profile.isoReworded === 0 ? [] : [`${number(profile.isoReworded)} of them have a T or trailing zeros, which PostgreSQL prints differently: the instant is the same, its text is not`];
    return { type: policies.dates, evidence: `${all(values)} are ISO timestamps without a zone`, warnings: reworded, confidence: reworded.length === 0 ? 0.98 : 0.85 };
  }
  if (profile.isoZoned === values && policies.dates === "timestamptz" && defaultFits("timestamptz", special)) {
    const moved = values - profile.isoUtc;
    return {
      type: "timestamptz",
      evidence: `${all(values)} are ISO timestamps with a zone, and the policy takes timestamptz`,
      warnings: [`the instant is the same, its text is not${moved > 0 ? `; ${number(moved)} of them are not in UTC, and their zone is not kept` : ""}`],
      confidence: 0.85,
    };
  }
  if (profile.isoDates === values) {
    if (policies.dates === "text") return fallback(`${all(values)} are ISO dates; the policy keeps dates as text`);
    if (!defaultFits("date", special)) return fallback(`${all(values)} are ISO dates, but the default ${column.default ?? ""} is none`);
    return { type: "date", evidence: `${all(values)} are ISO dates`, warnings: [], confidence: 0.95 };
  }
  if (profile.jsonContainers === values && !compared) {
    if (policies.json === "text") return fallback(`${all(values)} are JSON objects or arrays; the policy keeps JSON as text`);
    if (!defaultFits("jsonb", special)) return fallback(`${all(values)} are JSON objects or arrays, but the default ${column.default ?? ""} is none`);
    if (profile.jsonUnfaithful > 0) return fallback(`${all(values)} are JSON objects or arrays, but jsonb would change ${number(profile.jsonUnfaithful)} of them (a key twice, \\u0000 or a huge exponent)`);
    return { type: "jsonb", evidence: `${all(values)} are JSON objects or arrays, and jsonb keeps the meaning of each (not its blanks and order of keys)`, warnings: [], confidence: 0.9 };
  }
  if (profile.uuids === values) {
    if (/uuid|guid/i.test(column.declaredType)) return { type: "uuid", evidence: `Declared ${column.declaredType}; ${all(values)} are UUIDs`, warnings: [], confidence: 0.95 };
    if (policies.uuids === "uuid" && defaultFits("uuid", special)) return { type: "uuid", evidence: `${all(values)} are UUIDs in lower case, and the policy takes uuid`, warnings: [], confidence: 0.9 };
    return fallback(`${all(values)} are UUIDs in lower case: uuid would hold them too`);
  }
  return fallback(nearly(profile) ?? `${all(values)} are text, up to ${number(profile.maxLength)} characters`);
}

/** Says which pattern nearly all of the texts have, and how many have not: what a person would want to know. */
function nearly(profile: ColumnProfile): string | undefined {
  const patterns: [number, string][] = [
    [profile.isoTimestamps, "ISO timestamps"],
    [profile.isoDates, "ISO dates"],
    [profile.isoZoned, "ISO timestamps with a zone"],
    [profile.jsonContainers, "JSON objects or arrays"],
    [profile.uuids, "UUIDs"],
    [profile.integerTexts, "integers written as text"],
    [profile.decimalTexts, "decimals written as text"],
    [profile.hexes, "hexadecimal digits"],
    [profile.booleanTexts, "true or false"],
  ];
  const best = patterns.toSorted((a, b) => b[0] - a[0])[0];
  if (best === undefined || best[0] * 2 < profile.texts) return undefined;
  const rest = profile.texts - best[0];
  return `${number(best[0])} of ${number(profile.texts)} values are ${best[1]}${rest > 0 ? `, ${number(rest)} ${rest === 1 ? "is" : "are"} not` : ""}: text holds them all`;
}

// --- by declaration ----------------------------------------------------------------------------

function byDeclaration({ table, column, profile, policies, compared }: Facts): Choice {
  const why = profile === undefined ? "by its declaration, no data was looked at" : profile.rows === 0 ? "by its declaration, the table is empty" : `by its declaration, all ${number(profile.rows)} values are NULL`;
  const said = column.declaredType === "" ? "No type declared" : `Declared ${column.declaredType}`;
  const choice = (type: PostgresType, confidence: number, more = ""): Choice => ({ type, evidence: `${said}${more}: ${type} ${why}`, warnings: [], confidence });
  const type = column.declaredType.toUpperCase();
  const special = column.default === undefined ? undefined : readDefault(column.default);

  if (policies.booleans === "boolean" && /BOOL/.test(type) && defaultFits("boolean", special) && !isKey(table, column)) return choice("boolean", 0.8);
  if (policies.booleans === "boolean" && (column.affinity === "INTEGER" || column.affinity === "NUMERIC") && !isKey(table, column)) {
    const reason = flagReason(table, column);
    if (reason !== undefined && (reason.checked || special?.kind === "number" || special?.kind === "boolean")) return choice("boolean", 0.7, `, and ${reason.text}`);
  }
  if (policies.json === "jsonb" && /^JSONB?$/.test(type) && !compared && defaultFits("jsonb", special)) return choice("jsonb", 0.7);
  if (/^(UUID|GUID)$/.test(type) && defaultFits("uuid", special)) return choice("uuid", 0.6);
  if (policies.dates !== "text" && special?.kind === "now" && (isDateType(type) || column.affinity === "TEXT")) return choice(policies.dates, 0.8, " with the current time as its default");
  if (policies.dates !== "text" && special?.kind === "today" && (isDateType(type) || column.affinity === "TEXT")) return choice("date", 0.8, " with the current day as its default");
  if (policies.dates !== "text" && /^(DATETIME|TIMESTAMP)\b/.test(type) && defaultFits(policies.dates, special)) return choice(policies.dates, 0.6);
  if (policies.dates !== "text" && type === "DATE" && defaultFits("date", special)) return choice("date", 0.6);
  switch (column.affinity) {
    case "INTEGER":
      return choice("bigint", 0.8);
    case "REAL":
      return choice("double precision", 0.9);
    case "TEXT":
      return choice("text", 0.8);
    case "BLOB":
      return type === "" || type === "ANY" ? choice("text", 0.3) : choice("bytea", 0.8);
    case "NUMERIC":
      if (isDecimal(column)) return choice("numeric", 0.8);
      if (special?.kind === "number") return choice("numeric", 0.5, ` with a number for its default`);
      return /BOOL/.test(type) && special?.kind !== "string" ? choice("bigint", 0.5) : choice("text", 0.4);
  }
}

// --- words and small tests -----------------------------------------------------------------------

/** Why a column of zeros and ones would be a flag; undefined when nothing says so: a counter may be young. */
function flagReason(table: Table, column: Column): { readonly text: string; readonly confidence: number; readonly checked: boolean } | undefined {
  const special = column.default === undefined ? undefined : readDefault(column.default);
  if (!defaultFits("boolean", special)) return undefined;
  if (/BOOL/i.test(column.declaredType)) return { text: `it is declared ${column.declaredType}`, confidence: 0.98, checked: true };
  const escaped = column.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const only = new RegExp(`^\\s*["\`[]?${escaped}["\`\\]]?\\s+IN\\s*\\(\\s*(?:0\\s*,\\s*1|1\\s*,\\s*0)\\s*\\)\\s*$`, "i");
  if (table.checks.some((check) => only.test(check.expression))) return { text: "a CHECK allows nothing else", confidence: 0.98, checked: true };
  const named = flagName(column.name);
  if (named === "surely") return { text: "its name is a flag's", confidence: 0.95, checked: false };
  if (named === "maybe" && (special?.kind === "number" || special?.kind === "boolean")) return { text: `its name and its default ${column.default ?? ""} are a flag's`, confidence: 0.9, checked: false };
  return undefined;
}

function isKey(table: Table, column: Column): boolean {
  return table.primaryKey?.columns.includes(column.name) === true || table.foreignKeys.some((key) => key.columns.includes(column.name));
}

function isDecimal(column: Column): boolean {
  return /NUM|DEC|MONEY|CURRENCY/i.test(column.declaredType);
}

function isDateType(type: string): boolean {
  return /^(DATE|DATETIME|TIMESTAMP)/i.test(type);
}

/** Whether a literal default could be a value of the type; expressions are looked at where the DDL is made. */
function defaultFits(type: PostgresType, value: DefaultValue | undefined): boolean {
  if (value === undefined || value.kind === "null" || value.kind === "expression") return true;
  switch (type) {
    case "boolean":
      return value.kind === "boolean" || (value.kind === "number" && /^[01]$/.test(value.text)) || (value.kind === "string" && /^(?:true|false)$/i.test(value.value));
    case "timestamp":
    case "timestamptz":
      return value.kind === "now" || (value.kind === "string" && /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/.test(value.value));
    case "date":
      return value.kind === "today" || (value.kind === "string" && /^\d{4}-\d\d-\d\d$/.test(value.value));
    case "jsonb":
      return value.kind === "string" && isJsonContainer(value.value);
    case "uuid":
      return value.kind === "string" && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value.value);
    default:
      return true;
  }
}

function isJsonContainer(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false; // not JSON: that is the answer
  }
}

/** What of a column's values the type would refuse; empty when all fit or nothing is known. */
function misfits(type: PostgresType, profile: ColumnProfile | undefined): string[] {
  if (profile === undefined) return [];
  const { refused, exact, values } = typeFit(type, profile);
  if (refused === 0) return [];
  return [`${exact ? "" : "up to "}${number(refused)} of ${number(values)} values do not fit ${type}`, ...textWarnings(type, profile)];
}

/** PostgreSQL text can hold neither invalid UTF-8 nor U+0000; a bytea holds both. */
function textWarnings(type: PostgresType, profile: ColumnProfile | undefined): string[] {
  if (profile === undefined || type === "bytea") return [];
  return [
    ...(profile.invalidUtf8 > 0 ? [`${number(profile.invalidUtf8)} of ${number(profile.texts)} texts are not valid UTF-8, which PostgreSQL refuses: quarantine them, repair them, or choose bytea`] : []),
    ...(profile.nulCharacters > 0 ? [`${number(profile.nulCharacters)} of ${number(profile.texts)} texts hold U+0000, which PostgreSQL refuses: quarantine them, repair them, or choose bytea`] : []),
  ];
}

function count(profile: ColumnProfile | undefined): number {
  return profile === undefined ? 0 : profile.rows - profile.nulls;
}

function mixture({ integers, reals, texts, blobs }: ColumnProfile): string {
  const parts: [number, string, string][] = [[integers, "integer", "integers"], [reals, "floating-point number", "floating-point numbers"], [texts, "text", "texts"], [blobs, "BLOB", "BLOBs"]];
  return parts.filter(([n]) => n > 0).map(([n, one, many]) => `${number(n)} ${n === 1 ? one : many}`).join(", ");
}

function all(values: number): string {
  return `${number(values)} of ${number(values)} values`;
}

/** The declared length of a text, if it is one that all values keep. */
function keptLength(column: Column, profile: ColumnProfile | undefined): number | undefined {
  const declared = /^(?:N?VARCHAR2?|(?:NATIVE |VARYING )?CHARACTER(?: VARYING)?|N?CHAR)\s*\(\s*(\d+)\s*\)$/i.exec(column.declaredType.trim())?.[1];
  const length = Number(declared ?? 0);
  return length > 0 && length <= 10_485_760 && (profile?.maxLength ?? 0) <= length ? length : undefined;
}
