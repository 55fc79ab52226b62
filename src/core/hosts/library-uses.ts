import { knownConnections } from "./known-connections.ts";
import type { HostUse, Language } from "./site.ts";
import { childOf, partsOf } from "./syntax-node.ts";
import type { SyntaxNode } from "./syntax-node.ts";

/** One thing of a SQLite library's interface. */
interface LibraryWord {
  readonly kind: HostUse["kind"];
  /** The whole name of a method, an attribute or a keyword argument. */
  readonly names: RegExp;
  readonly as: "call" | "attribute" | "keyword";
  /** Others have such a name, too: it counts in a file that brings in a SQLite driver or opens a database. */
  readonly common?: true;
  /** What the text of the call's arguments must look like. */
  readonly given?: RegExp;
  /** What it must be called on: `connection` is one that the file opens, or that is called so. */
  readonly on?: RegExp | "connection";
}

const call = (kind: HostUse["kind"], names: RegExp, more: Pick<LibraryWord, "common" | "given" | "on"> = {}): LibraryWord => ({ kind, names, as: "call", ...more });
const attribute = (kind: HostUse["kind"], names: RegExp, more: Pick<LibraryWord, "common" | "on"> = {}): LibraryWord => ({ kind, names, as: "attribute", ...more });
const keyword = (kind: HostUse["kind"], names: RegExp): LibraryWord => ({ kind, names, as: "keyword", common: true });
const common = { common: true } as const;
const connection = { common: true, on: "connection" } as const;
/** What run() of better-sqlite3 and its like gives back; sqlite3 hands it to the callback as `this`. */
const changed = /^(?:this|r|rv|ret|res|info|out|run|meta|stats)$|result|info$|\brun\s*\(/i;
const text = /^\(\s*["'`]/;

const script: readonly LibraryWord[] = [
  call("custom-function", /^(?:function|aggregate|table)$/, { ...connection, given: text }),
  call("pragma-call", /^pragma$/, { given: text, on: /db|database|conn|sqlite/i }),
  call("file-copy", /^(?:backup|serialize|deserialize)$/, connection),
  call("extension", /^loadExtension$/),
  call("value-conversion", /^(?:defaultSafeIntegers|safeIntegers|setReadBigInts|setReturnArrays)$/),
  call("transaction-control", /^transaction$/, { ...connection, given: /^\(\s*(?:async\b|function\b|\(|\w+\s*=>)/ }),
  attribute("change-count", /^changes$/, { common: true, on: changed }),
];

const words: Readonly<Record<Exclude<Language, "sql">, readonly LibraryWord[]>> = {
  python: [
    call("script-call", /^executescript$/),
    call("custom-function", /^(?:create_(?:function|aggregate|window_function|collation)|set_(?:authorizer|progress_handler|trace_callback))$/, connection),
    call("value-conversion", /^register_(?:adapter|converter)$/, common),
    attribute("value-conversion", /^text_factory$/),
    keyword("value-conversion", /^detect_types$/),
    attribute("transaction-control", /^(?:isolation_level|in_transaction)$/, connection),
    keyword("transaction-control", /^(?:isolation_level|autocommit)$/),
    call("file-copy", /^(?:backup|serialize|deserialize|blobopen)$/, connection),
    call("file-copy", /^iterdump$/),
    call("extension", /^(?:enable_)?load_extension$/, { on: "connection", given: /^\(\s*[^)\s]/ }),
    attribute("change-count", /^total_changes$/),
    keyword("thread-check", /^check_same_thread$/),
  ],
  typescript: script,
  tsx: script,
  javascript: script,
  go: [
    call("custom-function", /^(?:Register(?:Func|Aggregator|Collation|UpdateHook|CommitHook|RollbackHook|ScalarFunction|DeterministicScalarFunction)|CreateFunction|CreateCollation)$/, connection),
    call("extension", /^LoadExtension$/, connection),
    call("file-copy", /^Backup$/, connection),
  ],
  java: [
    call("custom-function", /^create$/, { on: /^(?:org\.sqlite\.)?(?:Function|Collation)$/ }),
    call("pragma-call", /^(?:setPragma|setJournalMode|setSynchronous|enforceForeignKeys|setBusyTimeout|setCacheSize|setLockingMode|setTempStore)$/, common),
    call("extension", /^enableLoadExtension$/, common),
  ],
  csharp: [
    call("custom-function", /^Create(?:Function|Aggregate|Collation)$/, connection),
    call("file-copy", /^BackupDatabase$/, common),
    call("extension", /^(?:EnableExtensions|LoadExtension)$/, connection),
    attribute("change-count", /^Changes$/, connection),
  ],
  php: [
    call("custom-function", /^sqliteCreate(?:Function|Aggregate|Collation)$/),
    call("custom-function", /^create(?:Function|Aggregate|Collation)$/, connection),
    call("extension", /^loadExtension$/, connection),
    call("pragma-call", /^busyTimeout$/, connection),
    call("change-count", /^changes$/, connection),
    call("file-copy", /^(?:backup|openBlob)$/, connection),
  ],
  ruby: [
    call("script-call", /^execute_batch2?$/, common),
    call("custom-function", /^(?:create_(?:function|aggregate|aggregate_handler)|define_(?:function|aggregator)|collation)$/, connection),
    call("pragma-call", /^(?:busy_timeout|busy_handler|busy_handler_timeout|busy_timeout=|journal_mode=|synchronous=|foreign_keys=)$/, connection),
    attribute("pragma-call", /^(?:busy_timeout|journal_mode|synchronous|foreign_keys)$/, connection),
    call("extension", /^(?:enable_)?load_extension$/, connection),
    attribute("change-count", /^(?:total_)?changes$/, connection),
  ],
  rust: [
    call("script-call", /^execute_batch$/, common),
    call("custom-function", /^create_(?:scalar_function|aggregate_function|window_function|collation)$/, common),
    call("pragma-call", /^(?:pragma_update(?:_and_check)?|pragma_query(?:_value)?|pragma|busy_timeout|busy_handler)$/, common),
    call("extension", /^load_extension(?:_enable)?$/, connection),
    call("change-count", /^(?:total_)?changes$/, connection),
  ],
};

/**
 * What a file uses of a SQLite library besides handing it SQL: functions of its own, pragmas through methods, backups,
 * counts of changes and so on.
 * @param tied whether the file brings in a SQLite driver or opens a database
 */
export function libraryUses(language: Exclude<Language, "sql">, source: string, root: SyntaxNode, tied: boolean): HostUse[] {
  const uses: HostUse[] = [];
  const of = words[language].filter((word) => word.common === undefined || tied);
  if (of.length === 0) return uses;
  const isConnection = knownConnections(source);
  const slice = (start: number, end: number): string => source.slice(start, end);

  /** Counts a place, if it is one; what stands around it is read only where a name is one of ours. */
  const meet = (as: LibraryWord["as"], at: SyntaxNode, on: () => string, given: SyntaxNode | undefined): void => {
    const name = slice(at.start, at.end);
    const word = of.find(
      (each) => each.as === as && each.names.test(name) && (each.on === undefined || (each.on === "connection" ? isConnection(on()) : each.on.test(on()))) && (each.given === undefined || each.given.test(given === undefined ? "" : slice(given.start, given.end))),
    );
    if (word !== undefined) uses.push({ kind: word.kind, name, span: { start: at.start, end: at.end } });
  };

  const visit = (node: SyntaxNode): void => {
    const given = childOf(node, "arguments");
    const name = nameOf(node, given);
    if (name !== undefined) {
      const on = (): string => {
        const whole = slice(node.start, Math.max(node.start, name.start)).replace(/(?:\?\.|::|->|\.)\s*$/, "").trim();
        return given !== undefined && language === "java" ? whole : lastWord(whole);
      };
      meet(given === undefined ? "attribute" : "call", name, on, given);
    }
    if (node.type === "keyword_argument") {
      const word = childOf(node, "name");
      if (word !== undefined && opens(node)) meet("keyword", word, () => "", undefined);
    }
    for (const child of node.children) visit(child);
  };

  /** The name of the method that a call calls, or of an attribute. */
  function nameOf(node: SyntaxNode, given: SyntaxNode | undefined): SyntaxNode | undefined {
    switch (node.type) {
      case "call":
        if (language === "ruby") return childOf(node, "receiver") === undefined ? undefined : childOf(node, "method");
        return lastOf(childOf(node, "function"), "attribute");
      case "call_expression": {
        const target = childOf(node, "function");
        return given === undefined ? undefined : (lastOf(target, "property") ?? lastOf(target, "field"));
      }
      case "invocation_expression":
        return lastOf(childOf(node, "function"), "name");
      case "method_invocation":
      case "member_call_expression":
      case "nullsafe_member_call_expression":
        return childOf(node, "name");
      case "attribute":
        return called(node) ? undefined : childOf(node, "attribute");
      case "member_expression":
        return called(node) ? undefined : childOf(node, "property");
      case "member_access_expression":
        return called(node) ? undefined : childOf(node, "name");
      default:
        return undefined;
    }
  }

  function lastOf(target: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
    return target === undefined ? undefined : childOf(target, field);
  }

  function called({ parent, field }: SyntaxNode): boolean {
    return field === "function" && parent !== undefined && childOf(parent, "arguments") !== undefined;
  }

  /** Whether a keyword argument is one of a call that opens a database. */
  function opens(node: SyntaxNode): boolean {
    const whole = node.parent?.parent;
    const target = whole === undefined ? undefined : childOf(whole, "function");
    return target !== undefined && /(?:^|\.)(?:connect|Connection)$/.test(slice(target.start, target.end)) && partsOf(node).length > 0;
  }

  visit(root);
  return uses;
}

/** The name at the end of a text, or the whole text where there is none. */
function lastWord(text: string): string {
  let start = text.length;
  while (start > 0 && /[\p{L}\p{N}_$]/u.test(text.charAt(start - 1))) start--;
  const word = text.slice(start).replace(/^\p{N}+/u, "");
  return word === "" ? text : word;
}
