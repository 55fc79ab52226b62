import assert from "node:assert/strict";
import type { Script } from "#core/sql/script.ts";
import type { Node } from "#core/sql/nodes.ts";
import { print, textOf } from "#core/sql/print.ts";
import { children, walk } from "#core/sql/walk.ts";

/** What must hold of every parsed text, sound or not: nothing lost, ranges exact, inside each other and in order. */
export function checkScript(script: Script): void {
  assert.equal(print(script), script.source);
  let at = 0;
  for (const token of script.tokens) {
    assert.equal(token.start, at, "tokens leave a gap or overlap");
    at = token.end;
  }
  assert.equal(at, script.source.length);
  const starts = new Set<number>();
  const ends = new Set<number>();
  for (const token of script.tokens) {
    if (token.kind === "blank" || token.kind === "comment") continue;
    starts.add(token.start);
    ends.add(token.end);
    for (const hole of token.holes) {
      starts.add(hole.start);
      ends.add(hole.end);
    }
  }
  for (const statement of script.statements) {
    if (script.errors.length === 0) walk(statement, { enter: (node) => { checkEnds(node, starts, ends, script.source); } });
    walk(statement, { enter: (node) => { checkChildren(node, script.source); } });
  }
}

function checkEnds(node: Node, starts: ReadonlySet<number>, ends: ReadonlySet<number>, source: string): void {
  // What is missing has an empty span.
  if (node.kind === "ErrorNode") return;
  assert.ok(starts.has(node.span.start) && ends.has(node.span.end), `${node.kind} cuts a token: ${textOf(source, node)}`);
}

function checkChildren(node: Node, source: string): void {
  assert.ok(node.span.start <= node.span.end && node.span.end <= source.length, `${node.kind} has no possible span`);
  let at = node.span.start;
  for (const child of children(node)) {
    assert.ok(child.span.start >= at, `${child.kind} overlaps what is before it in ${node.kind}: ${textOf(source, node)}`);
    assert.ok(child.span.end <= node.span.end, `${child.kind} ends outside of ${node.kind}: ${textOf(source, node)}`);
    at = child.span.end;
  }
}
