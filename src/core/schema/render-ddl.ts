import { accountFor } from "./account-for.ts";
import { laidOut } from "./laid-out.ts";
import type { Plan, PlannedObject, ReportedObject, Section } from "./plan.ts";

const titles: Record<Section, string> = {
  "pre-data": "Pre-data: what must exist before the rows",
  "post-data": "Post-data: made after the rows are in, faster and safer so",
};

const groups: readonly { readonly kind: PlannedObject["kind"]; readonly title: string }[] = [
  { kind: "schema", title: "Schema" },
  { kind: "sequence", title: "Sequences" },
  { kind: "table", title: "Tables" },
  { kind: "partition", title: "Partitions" },
  { kind: "primary-key", title: "Primary keys" },
  { kind: "unique", title: "Unique constraints" },
  { kind: "index", title: "Indexes" },
  { kind: "check", title: "Checks" },
  { kind: "foreign-key", title: "Foreign keys" },
  { kind: "view", title: "Views" },
  { kind: "function", title: "Triggers" },
  { kind: "trigger", title: "Triggers" },
];

/**
 * A plan as a script for psql, in pg_dump's sections. What the plan leaves out or changes is a comment, each with its reason.
 * The statements come in the plan's order; running them one after the other makes the whole schema.
 * @throws CutoverError internal when an object of the source is not accounted for.
 */
export function renderDdl(plan: Plan): string {
  const { total } = accountFor(plan);
  const out: string[] = [
    comment(`The schema of ${plan.catalog.origin.name.replace(/^.*[\\/]/, "")}, for PostgreSQL.`),
    comment(`${total.found} objects of the source: ${total.translated} translated${total.changed > 0 ? ` (${total.changed} with a remark)` : ""}, ${total.leftOut} left out.`),
    "",
  ];
  for (const section of ["pre-data", "post-data"] as const) {
    const objects = plan.objects.filter((object) => object.section === section);
    out.push(rule(), comment(titles[section]), rule(), "");
    let group: string | undefined;
    for (const object of objects) {
      const title = groups.find((each) => each.kind === object.kind)?.title ?? object.kind;
      if (title !== group) out.push(comment(title), "");
      group = title;
      out.push(...remarksOn(plan, object).map((each) => comment(`changed: ${describe(each)}`)), `${object.kind === "view" ? laidOut(object.sql) : object.sql};`);
      if (object.kind === "table" || object.kind === "view" || object.kind === "trigger" || object !== objects[objects.indexOf(object) + 1]) out.push("");
    }
  }
  const leftOut = plan.reported.filter((each) => each.outcome === "left-out");
  if (leftOut.length > 0) {
    out.push(rule(), comment("Not translated"), rule(), "");
    out.push(...leftOut.map((each) => comment(`not translated: ${describe(each)}`)), "");
  }
  return `${out.join("\n").replace(/\n{3,}/g, "\n\n").trimEnd()}\n`;
}

/** Kind, name and reason of something reported, for people. */
export function describe(reported: ReportedObject): string {
  return `${reported.kind} ${reported.name}: ${reported.reason}`;
}

function remarksOn(plan: Plan, object: PlannedObject): ReportedObject[] {
  // A trigger's function has said it.
  if (object.kind === "trigger") return [];
  return plan.reported.filter((each) => each.outcome === "changed" && object.sources.includes(each.source));
}

/** A name or a reason may hold a line end, which must not end the comment. */
function comment(text: string): string {
  return `-- ${text.replace(/\s*[\r\n]+\s*/g, " ")}`;
}

function rule(): string {
  return `-- ${"-".repeat(77)}`;
}
