import type { Inventory } from "#core/hosts/inventory.ts";
import type { HostUse, Language, Site } from "#core/hosts/site.ts";
import { tokenize } from "#core/sql/tokenize.ts";
import type { WorkspaceFile } from "./resolve-helpers.ts";

/** What is asked of the text of each site. */
interface Features {
  /** The file offsets of placeholders, so that one seen from two sites counts once. */
  readonly placeholders: Set<number>;
  readonly named: Set<number>;
  autoincrement: boolean;
  datetime: boolean;
}

/**
 * Counts what the files of a workspace hold of SQLite, by language, in the order of first occurrence.
 * @param files with their helper uses resolved (`resolveHelpers`)
 */
export function inventory(files: readonly WorkspaceFile[]): Inventory {
  const byLanguage = new Map<Language, WorkspaceFile[]>();
  for (const file of files) {
    if (file.host.sites.length === 0 && file.host.uses.length === 0) continue;
    // TSX is TypeScript to its users.
    const language = file.host.language === "tsx" ? "typescript" : file.host.language;
    const known = byLanguage.get(language);
    if (known === undefined) byLanguage.set(language, [file]);
    else known.push(file);
  }
  return [...byLanguage].map(([language, members]) => {
    let placeholders = 0;
    let namedPlaceholders = 0;
    let helperCalls = 0;
    let sites = 0;
    const helperFiles: string[] = [];
    const connectFiles: string[] = [];
    const autoincrementFiles: string[] = [];
    const datetimeFiles: string[] = [];
    const uses: Record<HostUse["kind"], number> = {
      connect: 0,
      "helper-definition": 0,
      "helper-import": 0,
      "helper-call": 0,
      "driver-import": 0,
      "row-factory": 0,
      lastrowid: 0,
      "error-class": 0,
    };
    for (const { path, host } of members) {
      const features: Features = { placeholders: new Set(), named: new Set(), autoincrement: false, datetime: false };
      for (const site of host.sites) look(site, features);
      for (const use of host.uses) uses[use.kind]++;
      sites += host.sites.length;
      placeholders += features.placeholders.size;
      namedPlaceholders += features.named.size;
      helperCalls += host.uses.filter((u) => u.kind === "helper-call").length;
      if (host.uses.some((u) => u.kind === "helper-import")) helperFiles.push(path);
      if (host.uses.some((u) => u.kind === "connect")) connectFiles.push(path);
      if (features.autoincrement) autoincrementFiles.push(path);
      if (features.datetime) datetimeFiles.push(path);
    }
    const sorted = (paths: string[]): string[] => paths.sort();
    return {
      language,
      files: members.length,
      sites,
      helperFiles: sorted(helperFiles),
      helperCalls,
      connectFiles: sorted(connectFiles),
      placeholders,
      namedPlaceholders,
      autoincrementFiles: sorted(autoincrementFiles),
      datetimeFiles: sorted(datetimeFiles),
      uses,
    };
  });
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
