import type { Inventory } from "#core/hosts/inventory.ts";
import type { HostUse, Language } from "#core/hosts/site.ts";
import type { WorkspaceFile } from "./resolve-helpers.ts";

/**
 * Counts what the files of a workspace hold of SQLite, by language, in the order of first occurrence.
 * @param files with their helper uses resolved (`resolveHelpers`)
 */
export function inventory(files: readonly WorkspaceFile[]): Inventory {
  const byLanguage = new Map<Language, WorkspaceFile[]>();
  for (const file of files) {
    const { sites, otherSites } = file.host;
    if (sites + otherSites.postgresql + otherSites.mysql + otherSites.other === 0 && file.host.uses.length === 0) continue;
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
    const otherSites = { postgresql: 0, mysql: 0, other: 0 };
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
      "script-call": 0,
      "transaction-control": 0,
      "custom-function": 0,
      "value-conversion": 0,
      "file-copy": 0,
      "pragma-call": 0,
      extension: 0,
      "change-count": 0,
      "thread-check": 0,
    };
    for (const { path, host } of members) {
      for (const use of host.uses) uses[use.kind]++;
      sites += host.sites;
      otherSites.postgresql += host.otherSites.postgresql;
      otherSites.mysql += host.otherSites.mysql;
      otherSites.other += host.otherSites.other;
      placeholders += host.placeholders;
      namedPlaceholders += host.namedPlaceholders;
      helperCalls += host.uses.filter((u) => u.kind === "helper-call").length;
      if (host.uses.some((u) => u.kind === "helper-import")) helperFiles.push(path);
      if (host.uses.some((u) => u.kind === "connect")) connectFiles.push(path);
      if (host.autoincrement) autoincrementFiles.push(path);
      if (host.datetime) datetimeFiles.push(path);
    }
    const sorted = (paths: string[]): string[] => paths.sort();
    return {
      language,
      files: members.length,
      sites,
      otherSites,
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
