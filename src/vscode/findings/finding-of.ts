import * as vscode from "vscode";
import type { DocumentFinding } from "#protocol/worker.ts";
import type { FindingNode } from "./findings-tree.ts";

/** A finding that a command is about. */
export interface AddressedFinding {
  readonly uri: vscode.Uri;
  readonly finding: DocumentFinding;
}

/** A rule in one file. */
export interface RuleOfFile {
  readonly uri: vscode.Uri;
  readonly rule: string;
}

/** The rule of one file that a command was called with; undefined when it was called otherwise. */
export function ruleOfFile(argument: unknown): RuleOfFile | undefined {
  return isRuleOfFile(argument) ? argument : undefined;
}

function isRuleOfFile(value: unknown): value is RuleOfFile {
  return typeof value === "object" && value !== null && "uri" in value && value.uri instanceof vscode.Uri && "rule" in value && typeof value.rule === "string";
}

/** The finding of the tree node, or of the light bulb's entry, that a command was called with; undefined when it was called otherwise. */
export function findingOf(argument: unknown): AddressedFinding | undefined {
  if (isNode(argument)) return argument.kind === "finding" ? { uri: argument.placed.file, finding: argument.placed.finding } : undefined;
  return isAddressed(argument) ? argument : undefined;
}

/** The rule that a command was called with: by its id, or by a node of the Findings view. */
export function ruleOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (isNode(argument)) return argument.kind === "finding" ? argument.placed.finding.rule : argument.grouping === "rule" ? argument.group.key : undefined;
  return isAddressed(argument) ? argument.finding.rule : undefined;
}

function isNode(value: unknown): value is FindingNode {
  return typeof value === "object" && value !== null && "kind" in value && ((value.kind === "finding" && "placed" in value) || (value.kind === "group" && "group" in value));
}

function isAddressed(value: unknown): value is AddressedFinding {
  return typeof value === "object" && value !== null && "uri" in value && value.uri instanceof vscode.Uri && "finding" in value;
}
