import type { LanguageInventory } from "#core/hosts/inventory.ts";
import type { WhoseSql } from "#core/hosts/whose-sql.ts";
import type { HostFile, Site } from "#core/hosts/site.ts";
import type { Declaration } from "#core/rules/declared/declaration.ts";
import { declarationsIn } from "#core/rules/declared/declarations-in.ts";
import { tokenize } from "#core/sql/tokenize.ts";

/** What the inventory and the search for helpers need of a file: plain data. */
export interface FileFacts extends Pick<HostFile, "language" | "uses" | "imports" | "calls"> {
  /** SQLite's own. */
  readonly sites: number;
  readonly otherSites: LanguageInventory["otherSites"];
  /** Placeholders `?` and `?NNN`; one that is seen from two sites counts once. */
  readonly placeholders: number;
  readonly namedPlaceholders: number;
  readonly autoincrement: boolean;
  readonly datetime: boolean;
  /** What its CREATE TABLE and ALTER TABLE statements say. */
  readonly declared: readonly Declaration[];
}

interface Features {
  /** The file offsets of placeholders. */
  readonly placeholders: Set<number>;
  readonly named: Set<number>;
  autoincrement: boolean;
  datetime: boolean;
}

/**
 * Sums up what was found in a file.
 * @param whose whose SQL its sites are; SQLite's unless told
 */
export function factsOf({ language, sites: all, uses, imports, calls }: HostFile, whose: WhoseSql["site"] = () => undefined): FileFacts {
  const otherSites = { postgresql: 0, mysql: 0, other: 0 };
  const sites = all.filter((site) => {
    const engine = whose(site) ?? "sqlite";
    if (engine !== "sqlite") otherSites[engine]++;
    return engine === "sqlite";
  });
  const features: Features = { placeholders: new Set(), named: new Set(), autoincrement: false, datetime: false };
  for (const site of sites) look(site, features);
  const { placeholders, named, autoincrement, datetime } = features;
  return { language, uses, imports, calls, sites: sites.length, otherSites, placeholders: placeholders.size, namedPlaceholders: named.size, autoincrement, datetime, declared: sites.flatMap((site) => declarationsIn(site)) };
}

function look(site: Site, features: Features): void {
  const tokens = tokenize(
    site.text,
    site.holes.map((h) => h.span),
  ).filter((t) => t.kind !== "blank" && t.kind !== "comment");
  for (const [i, token] of tokens.entries()) {
    if (token.kind === "variable") {
      const written = site.text.slice(token.start, token.end);
      (written.startsWith("?") ? features.placeholders : features.named).add(site.map.toFile(token).start);
    } else if (token.symbol === "AUTOINCREMENT") features.autoincrement = true;
    else if (tokens[i + 1]?.symbol === "(" && /^datetime$/i.test(site.text.slice(token.start, token.end))) features.datetime = true;
  }
  for (const hole of site.holes) if (hole.placeholder !== undefined) features.placeholders.add(hole.placeholder.start);
}
