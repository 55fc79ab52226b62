import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pythonFunction, pythonModule } from "#engine/generate/python-module.ts";
import { typescriptModule } from "#engine/generate/typescript-module.ts";

describe("pythonModule", () => {
  const source = `"""Doc.

def not_code():
"""
import os
from typing import (
    Any,
    Optional as Opt,
)

# about x
x = {
"def": 1,
}


@decorator
def f(a, b="):",
      c={"x": [1]}) -> None:
    '''
text at the margin
    '''
# still inside
    return a

# before g
class G:
    pass
`;
  it("gives the statements, each with what stands before it", () => {
    const items = pythonModule(source);
    assert.deepEqual(items.map((each) => [each.kind, each.names]), [
      ["docstring", []],
      ["import", ["os"]],
      ["import", ["Any", "Opt"]],
      ["other", ["x"]],
      ["function", ["f"]],
      ["class", ["G"]],
    ]);
    assert.equal(items.map((each) => each.text).join(""), source);
    assert.match(items[3]?.text ?? "", /# about x/);
    assert.match(items[5]?.text ?? "", /^\n# before g/);
  });
  it("takes a function apart", () => {
    const f = pythonFunction("# c\n@d\ndef f(a: int = 1, *, b='):', **rest) -> Dict[str, int]:\n    pass\n");
    assert.equal(f?.before, "# c\n@d\n");
    assert.equal(f.signature, "def f(a: int = 1, *, b='):', **rest) -> Dict[str, int]:");
    assert.deepEqual(f.parameters.map((p) => `${p.kind} ${p.name}`), ["plain a", "plain b", "kwargs rest"]);
  });
});

describe("typescriptModule", () => {
  const source = `/** Head. */
import { a } from "a";

// about T
export interface T {
  x: "}";
}
const r = /[{(]/;
const t = \`{ \${"}"} (\`;

/** Doc { */
export async function f(): Promise<void> {
  /* ( */
}
`;
  it("gives the statements, each with what stands before it", () => {
    const items = typescriptModule(source);
    assert.deepEqual(items.map((each) => [each.kind, each.name, each.exported]), [
      ["import", undefined, false],
      ["type", "T", true],
      ["value", "r", false],
      ["value", "t", false],
      ["function", "f", true],
    ]);
    assert.equal(items.map((each) => each.text).join(""), source);
  });
});
