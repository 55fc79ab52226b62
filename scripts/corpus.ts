// Runs a corpus of SQLite statements through the parser and through `translate` (mode postgres, no schema), and writes docs/corpus.md.
// Usage: node scripts/corpus.ts [FOLDER]; by default ../shared/corpus beside the repository. Each .jsonl line holds {"kind", "sql"}.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { basisWithoutSchema } from "#engine/proof/translation-basis.ts";
import { postgresStatements } from "#engine/proof/postgres-statements.ts";
import { outcomes, type Outcome } from "#core/rules/outcome.ts";
import { translateSql } from "#engine/proof/translate-sql.ts";
import { loadConfig } from "#engine/workspace/config.ts";
import { loadDriver } from "#engine/sqlite/driver.ts";

const root = join(import.meta.dirname, "..");
const folder = resolve(process.argv[2] ?? join(root, "../shared/corpus"));

interface Row {
  readonly outcome: Record<Outcome | "crashed", number>;
  total: number;
  /** Whose result PostgreSQL's parser accepts. */
  accepted: number;
  /** `verified` or `translated`, and yet refused by the parser. */
  wrong: number;
  /** Refused by our parser. */
  unparsed: number;
  /** Of these, the ones that SQLite's own parser takes. */
  missed: number;
}

const newRow = (): Row => ({ outcome: { verified: 0, translated: 0, review: 0, manual: 0, unparsed: 0, crashed: 0 }, total: 0, accepted: 0, wrong: 0, unparsed: 0, missed: 0 });
const basis = await basisWithoutSchema(await loadConfig(root));
const options = { mode: "postgres", params: "numeric", schema: undefined, translateDdl: basis.translateDdl, prover: undefined } as const;
const SQLite = await loadDriver();
const db = new SQLite(":memory:");

/** Whether SQLite's parser takes a text: what it then misses in an empty database is no matter of syntax. */
function sqliteParses(sql: string): boolean {
  try {
    db.prepare(sql);
    return true;
  } catch (problem) {
    return !/syntax error|incomplete input|unrecognized token|near "/.test(problem instanceof Error ? problem.message : "");
  }
}

const tableHead = "| kind | statements | translated | review | manual | unparsed | accepted | wrong | missed |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

function tableLine(kind: string, row: Row): string {
  const { outcome } = row;
  return `| ${kind} | ${[row.total, outcome.translated, outcome.review, outcome.manual, outcome.unparsed, row.accepted, row.wrong, row.missed].join(" | ")} |`;
}

function percent(part: number, of: number): string {
  return `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;
}

const sections: string[] = [];
const missed: string[] = [];
const all = newRow();
for (const file of (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort()) {
  const rows = new Map<string, Row>();
  const sum = newRow();
  for (const line of (await readFile(join(folder, file), "utf8")).split("\n")) {
    if (line === "") continue;
    const { kind, sql } = JSON.parse(line) as { readonly kind: string; readonly sql: string };
    const row = rows.get(kind) ?? newRow();
    rows.set(kind, row);
    let outcome: Outcome | "crashed" = "crashed";
    let accepted = false;
    try {
      const result = await translateSql(sql, options);
      outcome = result.outcome;
      accepted = outcome !== "unparsed" && (await postgresStatements(result.sql)).ok;
    } catch (problem) {
      process.stderr.write(`crash: ${problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)}\n  ${sql}\n`);
    }
    const unread = outcome === "unparsed" && sqliteParses(sql);
    if (unread) missed.push(sql);
    for (const each of [row, sum, all]) {
      each.total++;
      each.outcome[outcome]++;
      if (accepted) each.accepted++;
      if (!accepted && (outcome === "verified" || outcome === "translated")) each.wrong++;
      if (outcome === "unparsed") each.unparsed++;
      if (unread) each.missed++;
    }
  }
  const lines = [...rows].sort(([, a], [, b]) => b.total - a.total).map(([kind, row]) => tableLine(kind, row));
  sections.push(`## ${file}\n\n${tableHead}\n${lines.join("\n")}\n${tableLine("**all**", sum)}\n`);
}
db.close();
await basis.close();

const parsed = all.total - all.unparsed;
const ended = all.outcome.verified + all.outcome.translated + all.outcome.review + all.outcome.manual - all.wrong;
const text = `# The corpus

Written by \`npm run corpus\` (scripts/corpus.ts): do not edit. Every statement of the corpus goes through \`translate\` in mode postgres,
**without a schema**, so that no server prepares it and no outcome can be better than \`translated\`.

${sections.join("\n")}
## What the columns mean

- **translated, review, manual, unparsed**: the outcome of \`cutover translate\`. \`translated\` means that all edits are safe, every construct of the
  statement is on the list of those that mean the same on both engines, and PostgreSQL's parser accepts the result. A construct that is not
  on the list makes it \`review\`, with the construct's name; without a schema that is every comparison of columns, because
  types and collations decide whether it means the same. \`manual\` has a reason, too: a rule's, or the refusal in PostgreSQL's own words.
- **accepted**: PostgreSQL's parser (libpg-query) accepts the text that came out, whatever the outcome.
- **wrong**: \`verified\` or \`translated\`, and yet refused by the parser. It is 0 by construction: a refusal makes a statement \`manual\`.
- **missed**: our parser refuses a text that SQLite's takes. The others among \`unparsed\` are refused by SQLite as well.

## How far this goes

- ${all.total} statements, ${all.outcome.crashed} crashes. ${missed.length} (${percent(missed.length, all.total)}) are refused by our parser and taken by SQLite's${missed.length === 0 ? "" : ", listed below"}.
- Of the ${parsed} that are parsed, ${ended} (${percent(ended, parsed)}) end as a statement that PostgreSQL's parser accepts or as an explicit \`review\` or \`manual\` with a reason.
- That share says little by itself. What a person gets: ${percent(all.accepted, parsed)} come out as SQL that PostgreSQL's parser accepts, ${percent(all.outcome.translated, parsed)} with nothing to look at,
  and ${percent(all.outcome.manual, parsed)} are left to a person. What lowers that last share are more rules, and a schema: types turn reviews into answers.
- A parser knows syntax only. Names, types and functions are a server's to judge, which needs the schema (\`--schema\`); these figures have none.
${missed.length === 0 ? "" : `\n## Missed by our parser\n\n${missed.map((sql) => `- \`${sql.replaceAll("`", "'").replace(/\s+/g, " ").slice(0, 200)}\``).join("\n")}\n`}`;
await writeFile(join(root, "docs/corpus.md"), text);
process.stdout.write(text);
if (all.wrong > 0 || all.outcome.crashed > 0) process.exitCode = 1;
