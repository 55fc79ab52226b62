import type { Distribution } from "./distributed.ts";

/** The statements of a distributed target, to stand behind the schema's DDL; what they cost is told beside them, not in them. */
export function renderDistribution({ statements }: Distribution): string {
  return `\n-- ${"-".repeat(77)}\n-- Distributed over Citus: not executed here, neither by --check nor by migrate\n-- ${"-".repeat(77)}\n\n${statements.map((statement) => `${statement};\n`).join("")}`;
}

/** The roles of the tables and the costs, for people to read. */
export function distributionText({ tables, costs }: Distribution): string {
  return [
    "Distributed over Citus, not executed here",
    ...tables.map(({ table, role, column, reason }) => `  ${table}: ${column === undefined ? role : `${role} by ${column}`}: ${reason}`),
    ...costs.map((cost) => `    price: ${cost}`),
    "",
  ].join("\n");
}
