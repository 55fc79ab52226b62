import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cliArguments, pairOfTask, parseTask, taskName, type CutoverTask } from "../../../src/vscode/tasks/cli-arguments.ts";

const app = { name: "app", source: "data/app.db", target: "env:DATABASE_URL" };
const log = { name: "log", source: "data/log.db", target: "embedded" };
const task = (verb: CutoverTask["verb"], database?: string, args: readonly string[] = []): CutoverTask => ({ verb, database, args });

describe("tasks of type cutover", () => {
  const definitions: readonly [string, Readonly<Record<string, unknown>>, CutoverTask | undefined][] = [
    ["a verb alone", { type: "cutover", verb: "migrate" }, task("migrate")],
    ["a verb with a database and arguments", { type: "cutover", verb: "validate", database: "app", args: ["--level", "cells"] }, task("validate", "app", ["--level", "cells"])],
    ["an unknown verb", { type: "cutover", verb: "switch" }, undefined],
    ["a database that is no name", { type: "cutover", verb: "migrate", database: 3 }, undefined],
    ["arguments that are no texts", { type: "cutover", verb: "migrate", args: ["--jobs", 4] }, undefined],
  ];
  for (const [name, definition, expected] of definitions) {
    it(`reads ${name}`, () => {
      assert.deepEqual(parseTask(definition), expected);
    });
  }

  it("works on the pair that it names, or on the only one", () => {
    assert.equal(pairOfTask(task("migrate", "log"), [app, log]), log);
    assert.equal(pairOfTask(task("migrate"), [app]), app);
    assert.equal(pairOfTask(task("migrate"), [app, log]), undefined);
    assert.equal(pairOfTask(task("migrate", "gone"), [app]), undefined);
  });

  it("is called by its verb, and by the pair where there are several", () => {
    assert.equal(taskName(task("migrate", "app"), 1), "migrate");
    assert.equal(taskName(task("migrate", "app"), 2), "migrate (app)");
    assert.equal(taskName(task("scan"), 2), "scan");
  });

  it("hands the command line the source and the target as they are configured", () => {
    assert.deepEqual(cliArguments(task("migrate", "app", ["--drop"]), app), ["migrate", "--from", "data/app.db", "--to", "env:DATABASE_URL", "--drop"]);
    assert.deepEqual(cliArguments(task("validate"), log), ["validate", "--from", "data/log.db", "--to", "embedded"]);
    assert.deepEqual(cliArguments(task("schema", "log", ["--check"]), log), ["schema", "data/log.db", "--check"]);
    assert.deepEqual(cliArguments(task("schema", undefined, ["schema.sql", "--to", "embedded"]), app), ["schema", "schema.sql", "--to", "embedded"]);
    assert.deepEqual(cliArguments(task("scan"), undefined), ["scan", ".", "--format", "text"]);
  });
});
