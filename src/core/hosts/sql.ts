import { offsetMap } from "#core/text/offset-map.ts";
import type { HostFile } from "./site.ts";

/** A .sql file as a host file: all of its text is one script, written as it stands. */
export function findInSql(source: string): HostFile {
  const start = source.startsWith("\uFEFF") ? 1 : 0;
  const text = source.slice(start);
  const contents = { start, end: source.length };
  const map = offsetMap(text === "" ? [] : [{ kind: "verbatim", text: { start: 0, end: text.length }, file: contents, literal: 0 }], [{ contents, encode: (t) => t }]);
  return {
    language: "sql",
    sites: text.trim() === "" ? [] : [{ language: "sql", span: contents, text, holes: [], map, call: undefined, kind: "script" }],
    uses: [],
    imports: [],
    calls: [],
    regions: [],
    importAt: start,
  };
}
