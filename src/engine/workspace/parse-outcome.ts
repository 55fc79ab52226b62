import type { HostCall, HostImport, HostUse, Language } from "#core/hosts/site.ts";
import type { Applicability, Severity } from "#core/rules/finding.ts";
import type { IgnoredBy } from "#core/rules/ignores/ignored-finding.ts";
import type { Span } from "#core/text/span.ts";
import type { DocumentFix, Range, TextChange } from "#protocol/worker.ts";
import type { FileFacts } from "./file-facts.ts";
import type { LeftOut } from "./left-out.ts";
import type { FileOutcome, ScannedFinding } from "./scan-file.ts";

const languages: Readonly<Record<Language, true>> = { python: true, typescript: true, tsx: true, javascript: true, go: true, java: true, csharp: true, php: true, rust: true, ruby: true, sql: true };
const useKinds: Readonly<Record<HostUse["kind"], true>> = {
  connect: true,
  "helper-definition": true,
  "helper-import": true,
  "helper-call": true,
  "driver-import": true,
  "row-factory": true,
  lastrowid: true,
  "error-class": true,
  "script-call": true,
  "transaction-control": true,
  "custom-function": true,
  "value-conversion": true,
  "file-copy": true,
  "pragma-call": true,
  extension: true,
  "change-count": true,
  "thread-check": true,
};
const reasons: Readonly<Record<LeftOut["why"], true>> = {
  ignored: true,
  folder: true,
  link: true,
  "too-large": true,
  binary: true,
  minified: true,
  encoding: true,
  unreadable: true,
  changing: true,
  "nothing-of-sql": true,
};
const deciders: Readonly<Record<IgnoredBy, true>> = { comment: true, config: true, severity: true };
const severities: Readonly<Record<Severity, true>> = { error: true, warning: true, information: true };
const applicabilities: Readonly<Record<Applicability, true>> = { safe: true, review: true, manual: true };

/** Reads an outcome that was written as JSON; undefined where the text is none, whoever wrote it. */
export function parseOutcome(json: string): FileOutcome | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isOutcome(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function isOutcome(value: unknown): value is FileOutcome {
  if (!isRecord(value)) return false;
  switch (value["kind"]) {
    case "scanned":
      return isFacts(value["facts"]) && isList(value["findings"], isFinding) && isList(value["ignored"], isIgnored) && isList(value["unparsed"], (each): each is unknown => isRecord(each) && isCount(each["line"]) && isText(each["message"]));
    case "left-out":
      return isKey(value["why"], reasons) && (value["detail"] === undefined || isText(value["detail"]));
    default:
      return false;
  }
}

function isFacts(value: unknown): value is FileFacts {
  return (
    isRecord(value) &&
    isKey(value["language"], languages) &&
    [value["sites"], value["placeholders"], value["namedPlaceholders"]].every(isCount) &&
    isRecord(value["otherSites"]) &&
    [value["otherSites"]["postgresql"], value["otherSites"]["mysql"], value["otherSites"]["other"]].every(isCount) &&
    typeof value["autoincrement"] === "boolean" &&
    typeof value["datetime"] === "boolean" &&
    isList(value["uses"], (use): use is HostUse => isRecord(use) && isKey(use["kind"], useKinds) && isText(use["name"]) && isSpan(use["span"])) &&
    isList(value["imports"], (item): item is HostImport => isRecord(item) && isText(item["module"]) && isText(item["name"]) && isText(item["local"]) && isSpan(item["span"])) &&
    isList(value["calls"], (call): call is HostCall => isRecord(call) && isText(call["callee"]) && isSpan(call["span"]))
  );
}

function isIgnored(value: unknown): value is Extract<FileOutcome, { kind: "scanned" }>["ignored"][number] {
  return isRecord(value) && isFinding(value["finding"]) && isKey(value["by"], deciders) && isText(value["reason"]);
}

function isFinding(value: unknown): value is ScannedFinding {
  return (
    isRecord(value) &&
    isText(value["rule"]) &&
    isText(value["message"]) &&
    isKey(value["severity"], severities) &&
    isKey(value["applicability"], applicabilities) &&
    isRange(value["range"]) &&
    isList(value["fixes"], isFix) &&
    isList(value["supplied"], isText) &&
    isList(value["tables"], isText)
  );
}

function isFix(value: unknown): value is DocumentFix {
  return isRecord(value) && isText(value["title"]) && (value["applicability"] === "safe" || value["applicability"] === "review") && isList(value["changes"], isChange);
}

function isChange(value: unknown): value is TextChange {
  return isRecord(value) && isRange(value["range"]) && isText(value["newText"]) && (value["around"] === undefined || isRange(value["around"]));
}

function isRange(value: unknown): value is Range {
  return isRecord(value) && [value["start"], value["end"]].every((at) => isRecord(at) && isCount(at["line"]) && isCount(at["character"]));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList<T>(value: unknown, is: (each: unknown) => each is T): value is T[] {
  return Array.isArray(value) && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSpan(value: unknown): value is Span {
  return isRecord(value) && isCount(value["start"]) && isCount(value["end"]);
}

function isKey<K extends string>(value: unknown, keys: Readonly<Record<K, true>>): value is K {
  return typeof value === "string" && Object.hasOwn(keys, value);
}
