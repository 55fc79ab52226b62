import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { seededRandom } from "../../test/support/seeded-random.ts";

/** What a tree holds. */
export interface ScanTree {
  readonly files: readonly string[];
  readonly bytes: number;
  /** How many files hold SQL. */
  readonly withSql: number;
}

const words = (
  "account order item session request response handler service client config update select create value values record entry result query state event message user group role token cache index " +
  "build parse render format filter reduce report status total amount price stock address contact profile image upload replace insert remove delete merge batch queue worker schedule timer limit " +
  "connection database theme button panel route layout header footer label title invoice payment customer product basket address country language currency weight height width color margin stream " +
  "buffer chunk packet socket channel topic offset partition cluster node region zone bucket object folder file path name kind type level depth score rank weight ratio factor period window"
).split(" ");

type Filler = (next: () => number, name: () => string, lines: number) => string;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const braces =
  (head: string, open: (name: string, argument: string) => string, line: (a: string, b: string, n: number) => string): Filler =>
  (next, name, lines) => {
    let out = head;
    for (let written = 0; written < lines; ) {
      const length = 4 + Math.floor(next() * 14);
      out += `\n// ${capital(name())} the ${name()} of every ${name()} before the ${name()} is done.\n${open(`${name()}${capital(name())}${written}`, name())}\n`;
      for (let i = 0; i < length; i++) out += `    ${line(name(), name(), Math.floor(next() * 1000))}\n`;
      out += "}\n";
      written += length + 4;
    }
    return out;
  };

/** Plain code without SQL, by extension; the words in it are those of any application, SQL's own among them. */
const fillers: Readonly<Record<string, Filler>> = {
  ".py": (next, name, lines) => {
    let out = `"""${capital(name())} and ${name()} of the ${name()}."""\nimport json\nimport logging\nfrom typing import Any\n\nfrom app.${name()} import ${name()}_${name()}\n\nlogger = logging.getLogger(__name__)\n`;
    for (let written = 0; written < lines; ) {
      const length = 4 + Math.floor(next() * 14);
      out += `\n\ndef ${name()}_${name()}_${written}(${name()}: Any, ${name()}_id: int = 0) -> Any:\n    """${capital(name())} the ${name()} with its ${name()}."""\n    ${name()}_result = {}\n`;
      for (let i = 0; i < length; i++) {
        const kind = next();
        if (kind < 0.3) out += `    ${name()}_result["${name()}"] = ${name()}.${name()}(${Math.floor(next() * 100)})\n`;
        else if (kind < 0.5) out += `    if ${name()} is not None and ${name()}_id > ${Math.floor(next() * 100)}:\n        logger.info("${name()} %s has no ${name()}", ${name()})\n`;
        else if (kind < 0.8) out += `    ${name()} = [${name()} for ${name()} in ${name()} if ${name()}.${name()} != "${name()}"]\n`;
        else out += `    ${name()}_${i} = json.dumps({"${name()}": ${name()}, "${name()}": "${name()} ${name()}"})\n`;
      }
      out += `    return ${name()}_result\n`;
      written += length + 6;
    }
    return out;
  },
  ".ts": braces(
    'import { readConfig } from "../config.js";\nimport type { Settings } from "./types.js";\n',
    (name, argument) => `export async function ${name}(${argument}: Settings, options: { limit?: number } = {}): Promise<string[]> {`,
    (a, b, n) => `const ${a}${n} = await ${b}.${a}(\`\${options.limit ?? ${n}} of ${b}\`).then((each) => each.${b}?.map((one) => one.${a}) ?? []);`,
  ),
  ".tsx": braces(
    'import React, { useState } from "react";\nimport { Button } from "./button";\n',
    (name, argument) => `export function ${capital(name)}({ ${argument}, onUpdate }: { ${argument}: string; onUpdate: () => void }) {`,
    (a, b, n) => `const ${a}${n} = <Button kind="${b}" onClick={() => onUpdate()}>{"${a}"} the ${b}</Button>;`,
  ),
  ".js": braces(
    '"use strict";\nconst config = require("../config");\n',
    (name, argument) => `module.exports.${name} = function (${argument}, done) {`,
    (a, b, n) => `if (${a}.${b} !== "${a}") ${b}.push({ ${a}: ${n}, ${b}: ${a}.${b}(${n}) });`,
  ),
  ".go": braces(
    'package service\n\nimport (\n\t"context"\n\t"fmt"\n)\n',
    (name, argument) => `func ${capital(name)}(ctx context.Context, ${argument}Name string) error {`,
    (a, b, n) => `if ${a}.${capital(b)} > ${n} { return fmt.Errorf("${a} of %s: ${b}", ${b}Name) }`,
  ),
  ".java": braces(
    "package com.example.service;\n\nimport java.util.List;\n\npublic class Service {\n",
    (name, argument) => `    public List<String> ${name}(String ${argument}Name) {`,
    (a, b, n) => `    ${capital(a)} ${a}${n} = ${b}Service.${a}("${b}", ${n}).orElseThrow();`,
  ),
  ".cs": braces(
    "using System;\nusing System.Collections.Generic;\n\nnamespace Example;\n\npublic class Service {\n",
    (name, argument) => `    public async Task<List<string>> ${capital(name)}(string ${argument}Name) {`,
    (a, b, n) => `    var ${a}${n} = await ${b}Service.${capital(a)}Async("${b}", ${n});`,
  ),
  ".php": braces("<?php\n\nnamespace App\\Service;\n", (name, argument) => `function ${name}(string $${argument}): array {`, (a, b, n) => `$${a}${n} = $this->${b}->${a}("${b}", ${n});`),
  ".rb": (next, name, lines) => Array.from({ length: Math.ceil(lines / 6) }, (_, i) => `# ${capital(name())} of the ${name()}\ndef ${name()}_${i}(${name()})\n  ${name()}.map { |each| each.${name()} + ${Math.floor(next() * 9)} }\n  @${name()} = ${name()}(:${name()})\nend\n`).join("\n"),
  ".rs": braces("use std::collections::HashMap;\n", (name, argument) => `pub fn ${name}(${argument}_name: &str) -> Result<u64, Error> {`, (a, b, n) => `let ${a}_${n} = ${b}.${a}("${b}")?.iter().map(|each| each.${a}).sum::<u64>();`),
};

/** How many of a hundred files are of each kind. */
const shares: readonly (readonly [string, number])[] = [[".ts", 28], [".py", 28], [".tsx", 10], [".js", 8], [".go", 8], [".java", 7], [".cs", 4], [".php", 3], [".rb", 2], [".rs", 2]];

/** Host code around one statement of the corpus. */
const wrappers: Readonly<Record<string, (name: string, sql: string) => string>> = {
  ".py": (name, sql) => `\ndef ${name}(conn, values):\n    return conn.execute(${JSON.stringify(sql)}, values).fetchall()\n`,
  ".ts": (name, sql) => `\nexport function ${name}(db: Database, values: unknown[]): unknown[] {\n  return db.prepare(\`${sql.replace(/[\\`$]/g, "\\$&")}\`).all(...values);\n}\n`,
  ".go": (name, sql) => `\nfunc ${name}(db *sql.DB) (*sql.Rows, error) {\n\treturn db.Query(${JSON.stringify(sql)})\n}\n`,
  ".java": (name, sql) => `\n    ResultSet ${name}(Connection connection) throws SQLException {\n        return connection.prepareStatement(${JSON.stringify(sql)}).executeQuery();\n    }\n`,
};
const beginnings: Readonly<Record<string, string>> = {
  ".py": "import sqlite3\n",
  ".ts": 'import Database from "better-sqlite3";\n',
  ".go": 'package store\n\nimport "database/sql"\n',
  ".java": "package com.example.store;\n\nimport java.sql.*;\n\npublic class Store {\n",
};

/** The statements of the corpus beside the checkout, or those of the sample's schema where there is none. */
export function corpusStatements(checkout: string): readonly string[] {
  const file = join(checkout, "../../shared/corpus/app-statements.jsonl");
  if (!existsSync(file)) return ["SELECT id, name FROM users WHERE name LIKE ? ORDER BY id", "INSERT OR IGNORE INTO users (name) VALUES (?)", "SELECT datetime('now'), IFNULL(a, b) FROM t"];
  return readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as { readonly sql: string }).sql);
}

/**
 * Writes a tree of source files: one in twelve holds SQL (the sample's files, and statements of the corpus in host code), the rest is
 * plain code of several languages.
 * @param checkout this project's root, for the sample
 */
export function makeScanTree(root: string, count: number, checkout: string): ScanTree {
  const next = seededRandom(42);
  const any = (): string => words[Math.floor(next() * words.length)] ?? "item";
  // A file speaks of a few things only.
  let own = Array.from({ length: 16 }, any);
  const name = (): string => own[Math.floor(next() * own.length)] ?? "item";
  const sample = filesBelow(join(checkout, "sample/app")).filter((path) => /\.(?:py|ts)$/.test(path)).map((path) => ({ path, text: readFileSync(path, "utf8") })).filter(({ text }) => text.length > 400);
  const statements = corpusStatements(checkout);
  const files: string[] = [];
  let bytes = 0;
  let withSql = 0;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    files.push(path);
    bytes += Buffer.byteLength(text);
  };
  let statement = 0;
  for (let i = 0; i < count; i++) {
    own = Array.from({ length: 16 }, any);
    const folder = `src/module${Math.floor(i / 40)}/part${i % 5}`;
    if (i % 12 === 0) {
      withSql++;
      const taken = sample[(i / 12) % sample.length];
      if (i % 24 === 0 && taken !== undefined) {
        write(`src/copy${Math.floor(i / 24 / sample.length)}/${relative(join(checkout, "sample/app"), taken.path)}`, taken.text);
        continue;
      }
      const extension = [".py", ".ts", ".go", ".java"][(i / 12) % 4] ?? ".py";
      let text = beginnings[extension] ?? "";
      for (let n = 0; n < 12; n++) text += wrappers[extension]?.(`${name()}${capital(name())}${n}`, statements[statement++ % statements.length] ?? "SELECT 1") ?? "";
      write(`${folder}/store${i}${extension}`, extension === ".java" ? `${text}}\n` : text);
      continue;
    }
    let share = next() * 100;
    const extension = shares.find(([, part]) => (share -= part) < 0)?.[0] ?? ".py";
    // Most files are short, a few are long.
    const text = (fillers[extension] ?? fillers[".py"])?.(next, name, 20 + Math.floor(next() ** 3 * 500)) ?? "";
    write(`${folder}/${name()}-${i}${extension}`, extension === ".java" || extension === ".cs" ? `${text}}\n` : text);
  }
  return { files, bytes, withSql };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && extname(entry.name) !== "").map((entry) => join(entry.parentPath, entry.name));
}
