import * as vscode from "vscode";
import type { Verdict } from "#core/rules/verdict.ts";

/** What both engines said of a statement, as one line of Markdown that begins with the verdict's own word. */
export function verdictLine(verdict: Verdict): string {
  switch (verdict.verdict) {
    case "proven":
      return vscode.l10n.t("$(pass-filled) **proven**: both engines gave the same {0} rows", verdict.rows);
    case "prepared":
      return verdict.difference === undefined
        ? vscode.l10n.t("$(pass) **prepared**: PostgreSQL accepts it against the translated schema; it was not run")
        : vscode.l10n.t("$(warning) **prepared**: PostgreSQL accepts it, but the engines differ: {0}", plain(verdict.difference.message));
    case "rejected":
      return vscode.l10n.t("$(error) **rejected**: PostgreSQL's {0} says: {1} ({2})", verdict.gate, plain(verdict.message), verdict.sqlState);
    case "unchecked":
      return vscode.l10n.t("$(circle-outline) **unchecked**: {0}", plain(verdict.reason));
  }
}

/** A server's words, with what Markdown would read as its own taken back. */
function plain(words: string): string {
  return words.replace(/[\\`*_{}[\]()#+!|<>$]/g, "\\$&");
}

/** The same without Markdown and icons, for messages and labels. */
export function verdictText(verdict: Verdict): string {
  return verdictLine(verdict)
    .replace(/^\$\([\w-]+\) /, "")
    .replaceAll("**", "")
    .replace(/\\([\\`*_{}[\]()#+!|<>$])/g, "$1");
}
