import type { DocumentFinding } from "#protocol/worker.ts";

/** What the Findings view groups by. */
export const groupings = ["rule", "file", "table"] as const;
export type Grouping = (typeof groupings)[number];

/** A file's findings, by its path in the workspace. */
export interface FindingsOfFile<F> {
  readonly file: F;
  readonly path: string;
  readonly findings: readonly DocumentFinding[];
}

export interface PlacedFinding<F> {
  readonly file: F;
  readonly path: string;
  readonly finding: DocumentFinding;
}

export interface FindingGroup<F> {
  /** The rule, the path, or the table's name in lower case; empty for findings in no statement that names a table. */
  readonly key: string;
  readonly label: string;
  readonly findings: readonly PlacedFinding<F>[];
}

/**
 * Groups findings by rule, by file or by table, the groups by name and their findings in the order of the files. A
 * statement of several tables stands in the group of each.
 */
export function groupFindings<F>(files: readonly FindingsOfFile<F>[], grouping: Grouping): readonly FindingGroup<F>[] {
  const groups = new Map<string, { readonly label: string; readonly findings: PlacedFinding<F>[] }>();
  const add = (key: string, label: string, placed: PlacedFinding<F>): void => {
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { label, findings: [placed] });
    else known.findings.push(placed);
  };
  for (const { file, path, findings } of files) {
    for (const finding of findings) {
      const placed = { file, path, finding };
      switch (grouping) {
        case "rule":
          add(finding.rule, finding.rule, placed);
          break;
        case "file":
          add(path, path, placed);
          break;
        case "table":
          if (finding.tables.length === 0) add("", "", placed);
          for (const table of finding.tables) add(table.toLowerCase(), table, placed);
      }
    }
  }
  // What belongs to no table comes last.
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((a, b) => Number(a.key === "") - Number(b.key === "") || (a.key < b.key ? -1 : 1));
}
