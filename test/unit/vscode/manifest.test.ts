import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { commandIds, panelIds, problemMatcher, settings, taskType, viewIds } from "../../../src/vscode/ids.ts";

const root = new URL("../../../", import.meta.url);

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
    readonly taskDefinitions: readonly { readonly type: string }[];
    readonly problemMatchers: readonly { readonly name: string }[];
    readonly problemPatterns: readonly { readonly regexp: string }[];
    readonly jsonValidation: readonly { readonly url: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string }; readonly completionEvents: readonly string[] }[] }[];
  };
}

const text = readFileSync(new URL("package.json", root), "utf8");
const manifest = JSON.parse(text) as Manifest;
const words = JSON.parse(readFileSync(new URL("package.nls.json", root), "utf8")) as Readonly<Record<string, string>>;
const { contributes } = manifest;

describe("package.json and the extension's ids", () => {
  it("contributes every command, under one category", () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), Object.values(commandIds).sort());
    assert.deepEqual([...new Set(contributes.commands.map(({ category }) => category))], ["%category%"]);
  });

  it("contributes every view, panel, task type, matcher and setting", () => {
    assert.deepEqual(Object.values(contributes.views).flat().map(({ id }) => id).sort(), Object.values(viewIds).sort());
    for (const panel of Object.values(panelIds)) assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${panel}`));
    assert.deepEqual(contributes.taskDefinitions.map(({ type }) => type), [taskType]);
    assert.deepEqual(contributes.problemMatchers.map(({ name }) => `$${name}`), [problemMatcher]);
    assert.deepEqual(Object.keys(contributes.configuration.properties), [settings.diagnosticsEnabled, settings.proofsAutomatic, settings.codeLensEnabled, settings.fileBadgesEnabled].map((name) => `${settings.section}.${name}`));
  });

  it("names no command in menus, welcomes and walkthroughs that there is not", () => {
    const known = new Set<string>(Object.values(commandIds));
    const named = [...text.matchAll(/"command": "(cutover\.[^"]+)"|onCommand:(cutover\.\w+)/g), ...Object.values(words).join("\n").matchAll(/\(command:(cutover\.\w+)\)/g)].map((match) => match[1] ?? match[2]);
    assert.ok(named.length > known.size);
    assert.deepEqual(named.filter((id) => id === undefined || !known.has(id)), []);
    assert.deepEqual(contributes.viewsWelcome.filter(({ view }) => !Object.values<string>(viewIds).includes(view)), []);
  });

  it("hides what only makes sense inside of the product", () => {
    const hidden = (contributes.menus["commandPalette"] ?? []).filter(({ when }) => when === "false").map(({ command }) => command);
    const palette = [
      commandIds.scanWorkspace,
      commandIds.translateSchema,
      commandIds.translateTable,
      commandIds.createConfig,
      commandIds.openConfig,
      commandIds.migrate,
      commandIds.validate,
      commandIds.refresh,
      commandIds.showLog,
      commandIds.refreshFindings,
      commandIds.fixSafe,
      commandIds.fixRule,
    ];
    assert.deepEqual([...hidden, ...palette].sort(), Object.values(commandIds).sort());
  });

  it("is not activated by everything", () => {
    assert.deepEqual(manifest.activationEvents.filter((event) => event === "*" || event === "onStartupFinished"), []);
  });

  it("has a text for every key, and no text without one", () => {
    const keys = [...new Set([...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]))];
    assert.deepEqual(keys.sort(), Object.keys(words).sort());
  });

  it("names files that are there", () => {
    const files = [manifest.icon, ...Object.values(contributes.views).flat().map(({ icon }) => icon), ...contributes.jsonValidation.map(({ url }) => url), ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown))];
    assert.deepEqual(files.filter((file) => !existsSync(fileURLToPath(new URL(file, root)))), []);
  });

  it("matches the lines that the command line prints", () => {
    const pattern = new RegExp(contributes.problemPatterns[0]?.regexp ?? "^$");
    assert.deepEqual(pattern.exec("app/db.py:12:9: warning: the message [with brackets] goes on [insert-or, review]")?.slice(1), ["app/db.py", "12", "9", "warning", "the message [with brackets] goes on", "insert-or"]);
    assert.equal(pattern.exec("a.sql:1:1: error: text [ddl-in-code]")?.[6], "ddl-in-code");
    assert.equal(pattern.exec("79 findings in 23 files"), null);
  });
});
