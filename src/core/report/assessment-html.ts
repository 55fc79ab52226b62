import type { Assessment } from "./assessment.ts";
import { grouped } from "./text-table.ts";

/** Text for HTML content and attribute values. */
function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === "number" ? `<td class="n">${grouped(value)}</td>` : `<td>${escape(value)}</td>`);
  return `<table><thead><tr>${headings.map((h) => `<th scope="col">${escape(h)}</th>`).join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</tbody></table>`;
}

function figure(value: number, label: string): string {
  return `<div class="figure"><b>${grouped(value)}</b><span>${escape(label)}</span></div>`;
}

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #336791; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 2px solid var(--accent); }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; } th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } code, .at { font-family: ui-monospace, monospace; font-size: .9em; }
.figures { display: flex; flex-wrap: wrap; gap: .8rem; } .figure { background: var(--soft); border-radius: .5rem; padding: .7rem 1rem; min-width: 8rem; }
.figure b { display: block; font-size: 1.6rem; } .figure span { opacity: .8; }
li.high { font-weight: 600; } .high::marker { content: "▲ "; color: #c33; } .medium::marker { content: "◆ "; color: #b80; } .low::marker { content: "● "; color: #888; }
details { margin: .3rem 0; } summary { cursor: pointer; }`;

/** The assessment as one HTML page that needs nothing else: no scripts, no fonts, no links out. */
export function assessmentHtml({ scan, counts, schema, risks }: Assessment, title: string): string {
  const findings = scan.files.flatMap((file) => file.findings.map((finding) => ({ ...finding, path: file.path })));
  const rules = [...new Set(findings.map((f) => f.rule))].sort();
  const of = (name: string): number => schema?.objects.kinds[name]?.found ?? 0;
  const parts = [
    `<h1>${escape(title)}</h1>`,
    `<p>What ties this application to SQLite, and what it takes to run it on PostgreSQL (mode <code>${scan.mode}</code>).</p>`,
    `<div class="figures">${[
      schema === undefined ? "" : figure(of("table"), "tables") + figure(of("index"), "indexes"),
      figure(findings.length, "findings"),
      figure(counts.safe, "with a safe fix"),
      figure(counts.review, "to review"),
      figure(counts.manual, "for a person"),
      figure(counts.supplied, "supplied by the adapter"),
    ].join("")}</div>`,
    "<h2>Risks</h2>",
    risks.length === 0 ? "<p>None found.</p>" : `<ul>${risks.map((risk) => `<li class="${risk.level}">${escape(risk.text)}</li>`).join("")}</ul>`,
    "<h2>Inventory</h2>",
    table(
      ["language", "files", "SQL sites", "files importing the helper", "helper calls", "placeholders", "AUTOINCREMENT files", "datetime() files"],
      scan.inventory.map((i) => [i.language, i.files, i.sites, i.helperFiles.length, i.helperCalls, i.placeholders + i.namedPlaceholders, i.autoincrementFiles.length, i.datetimeFiles.length]),
    ),
    "<h2>Findings by rule</h2>",
    table(
      ["rule", "findings", "files"],
      rules.map((rule) => {
        const own = findings.filter((f) => f.rule === rule);
        return [rule, own.length, new Set(own.map((f) => f.path)).size];
      }),
    ),
    "<h2>Findings by file</h2>",
    ...scan.files.map(
      (file) =>
        `<details><summary><span class="at">${escape(file.path)}</span> (${file.findings.length})</summary>${table(
          ["line", "rule", "what can be done", "message"],
          file.findings.map((f) => [f.range.start.line + 1, f.rule, f.fixes[0] === undefined ? (f.supplied.length > 0 ? "supplied by the adapter" : "by hand") : `${f.fixes[0]} (${f.applicability})`, f.message]),
        )}</details>`,
    ),
  ];
  if (scan.leftOut.length > 0) {
    parts.push("<h2>Not looked at</h2>", table(["where", "why"], scan.leftOut.map((each) => [`${each.path}${each.line === undefined ? "" : `:${each.line}`}`, each.reason])));
  }
  if (schema !== undefined) {
    parts.push(
      "<h2>Schema</h2>",
      table(
        ["objects", "found", "translated", "with a remark", "left out"],
        Object.entries(schema.objects.kinds).map(([kind, a]) => [kind, a.found, a.translated, a.changed, a.leftOut]),
      ),
      schema.reported.length === 0 ? "" : table(["what", "outcome", "why"], schema.reported.map((each) => [`${each.kind} ${each.name}`, each.outcome, each.reason])),
      "<h2>Decisions</h2>",
      ...schema.tables.map(
        (t) =>
          `<details><summary>${escape(t.name)} (${t.columns.length} columns)</summary>${table(
            ["column", "SQLite", "PostgreSQL", "confidence", "evidence"],
            t.columns.map((c) => [c.name, c.sqliteType === "" ? "(none)" : c.sqliteType, c.type, `${Math.round(c.confidence * 100)} %`, [c.evidence, ...c.warnings].join(" ")]),
          )}</details>`,
      ),
    );
  }
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${style}</style></head><body>\n${parts.join("\n")}\n</body></html>\n`;
}
