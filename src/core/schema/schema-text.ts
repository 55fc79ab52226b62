import { columnKey } from "./decision.ts";
import { offersFor } from "./offers.ts";
import type { Plan } from "./plan.ts";

/** The decisions of a plan for people to read: each column's type with its evidence, what its values speak for besides, and what is offered. */
export function schemaText(plan: Plan): string {
  const out: string[] = [];
  for (const table of plan.catalog.tables) {
    out.push(table.name);
    for (const column of table.columns) {
      const decision = plan.decisions.get(columnKey(table.name, column));
      if (decision === undefined) continue;
      const type = decision.length === undefined ? decision.type : `varchar(${decision.length})`;
      out.push(`  ${column.name}: ${column.declaredType === "" ? "no type" : column.declaredType} → ${type} (${Math.round(decision.confidence * 100)} % sure). ${decision.evidence}`);
      for (const warning of decision.warnings) out.push(`    look: ${warning}`);
      for (const { type: other, reason } of decision.suggestions) out.push(`    ${other === undefined ? "know" : `or ${other}`}: ${reason}`);
    }
    out.push("");
  }
  const offers = offersFor(plan);
  if (offers.length > 0) out.push("Offered, not made");
  for (const { table, reason, costs, partition, sql } of offers) {
    out.push(`  ${table}: ${reason}`, ...costs.map((cost) => `    price: ${cost}`));
    if (partition !== undefined) out.push(`    in cutover.json: "partitions": ${JSON.stringify({ [table]: partition })}`);
    out.push(...sql.map((statement) => `    ${statement};`));
  }
  return `${out.map((line) => line.replace(/[\r\n]+/g, " ")).join("\n").trimEnd()}\n`;
}
