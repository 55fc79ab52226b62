import * as vscode from "vscode";
import type { Severity } from "#core/rules/finding.ts";
import type { DocumentFinding } from "#protocol/worker.ts";
import type { Contribution } from "../contribution.ts";
import { commandIds, diagnosticSource } from "../ids.ts";
import { toRange } from "./editor-range.ts";

/** Shows the findings of each open document as diagnostics. */
export const diagnostics: Contribution = ({ analyses }) => {
  const collection = vscode.languages.createDiagnosticCollection(diagnosticSource);
  const listening = analyses.onDidChange(({ uri, findings }) => {
    collection.set(uri, findings.map(toDiagnostic));
  });
  return vscode.Disposable.from(collection, listening);
};

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

/** The diagnostic of a finding; its code opens the rule's page. */
export function toDiagnostic(finding: DocumentFinding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(finding.range), finding.message, severities[finding.severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: finding.rule, target: rulePageLink(finding.rule) };
  return diagnostic;
}

/** A link that opens the rule's page, which the extension carries with it. */
export function rulePageLink(rule: string): vscode.Uri {
  return vscode.Uri.parse(`command:${commandIds.showRule}?${encodeURIComponent(JSON.stringify([rule]))}`);
}
