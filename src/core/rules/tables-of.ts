import type { Site } from "#core/hosts/site.ts";
import { parseFragment, parseScript } from "#core/sql/parse.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { tableReferences } from "#core/sql/table-references.ts";
import { contains, type Span } from "#core/text/span.ts";

/**
 * Says of places in a file which tables the statement there names, each as first written. Sites are parsed and
 * looked at when asked for, once.
 */
export function tablesOf(sites: readonly Site[]): (place: Span) => readonly string[] {
  const statements = new Map<Site, readonly Statement[]>();
  const statementsOf = (site: Site): readonly Statement[] => {
    const known = statements.get(site);
    if (known !== undefined) return known;
    const options = { holes: site.holes.map((hole) => hole.span) };
    const parsed = site.kind === "fragment" ? [parseFragment(site.text, options)] : parseScript(site.text, options).statements;
    statements.set(site, parsed);
    return parsed;
  };
  const tables = new Map<Statement, readonly string[]>();
  const tablesIn = (statement: Statement): readonly string[] => {
    const known = tables.get(statement);
    if (known !== undefined) return known;
    const named = tableReferences(statement).flatMap(({ name }) => (name === undefined ? [] : [name]));
    tables.set(statement, named);
    return named;
  };
  return (place) => {
    const names = new Map<string, string>();
    for (const site of sites) {
      if (!contains(site.span, place)) continue;
      for (const statement of statementsOf(site)) {
        if (!contains(site.map.toFile(statement.span), place)) continue;
        for (const name of tablesIn(statement)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
      }
    }
    return [...names.values()];
  };
}
