import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Check } from "../check.ts";

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

export const registersCommands: Check = {
  name: "every command of package.json is registered",
  async run({ extension }) {
    const { contributes } = extension.packageJSON as Manifest;
    const declared = (contributes?.commands ?? []).map(({ command }) => command);
    assert.notDeepEqual(declared, [], "package.json declares no command");
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(declared.filter((command) => !registered.has(command)), []);
  },
};
