/** A table with a column of every decided type, nullable and not. */
export const everyType = {
  schema: `
CREATE TABLE kinds (id INTEGER PRIMARY KEY, i INTEGER, j INTEGER NOT NULL, d REAL, e REAL NOT NULL, n DECIMAL(10, 2), s TEXT, u TEXT NOT NULL, f BOOLEAN, g BOOLEAN NOT NULL, b BLOB, c BLOB NOT NULL, l TEXT COLLATE NOCASE, r TEXT COLLATE RTRIM);
`,
  rows: `
INSERT INTO kinds VALUES
  (1, 5, 2, 1.5, 2.5, 2.25, 'abc', 'x', 1, 0, x'4142', x'41', 'Red', 'a'),
  (2, NULL, -7, NULL, -0.75, NULL, NULL, '10', NULL, 1, NULL, x'', NULL, NULL),
  (3, 0, 1, 0.0, 100.0, 10, '5', '5', 0, 0, x'00ff', x'4142', 'red', 'a  '),
  (4, -3, 3000000000, -2.75, 0.5, 0.5, 'ABC', '12abc', 1, 1, x'35', x'35', 'BLUE', 'b'),
  (5, 64, 63, 1e10, 3.0, -1.25, '', ' 7', 0, 1, x'', x'7a', 'blue', ''),
  (6, 2147483647, 12, 2.0, -1.5, 7, 'Émile', '2.5', NULL, 0, x'ff', x'ff', 'Émile', 'é '),
  (7, 1, 100, 0.1, 0.2, 0.1, 'a_c', '-3', 1, 1, x'61', x'00', 'émile', 'A');
`,
} as const;

type Kind = "integer" | "number" | "text" | "truth" | "bytes" | "any";

/** Random queries over that table: every operator, CAST and affinity between values that fit it and such that do not. */
export function randomExpression(random: () => number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? "";
  const chance = (of: number): boolean => random() < of;
  const leaves: Readonly<Record<Exclude<Kind, "any">, readonly string[]>> = {
    integer: ["i", "j", "id", "i", "j", "0", "1", "2", "7", "-3", "64", "33", "2147483647", "100000", "3000000000", "0x1F", "length(s)", "NULL"],
    number: ["d", "e", "n", "d", "e", "i", "j", "1.5", "0.1", "2.0", "-2.75", "1e3", "0.0"],
    text: ["s", "u", "s", "u", "l", "r", "'5'", "'abc'", "'ABC'", "'a%'", "''", "'10'", "' 7'", "'12abc'", "lower(s)", "substr(u, 1, 2)"],
    truth: ["f", "g", "TRUE", "FALSE", "s IS NULL", "i > 1", "u = 'x'", "NOT g"],
    bytes: ["b", "c", "x'4142'", "x'35'", "x''"],
  };
  const wide = (node: string): string => (/[ ]/.test(node) && chance(0.7) ? `(${node})` : node);
  const value = (kind: Kind, depth: number): string => {
    const wanted: Exclude<Kind, "any"> = kind === "any" || chance(0.08) ? (["integer", "number", "text", "truth", "bytes"] as const)[Math.floor(random() * 5)] ?? "integer" : kind;
    if (depth <= 0 || chance(0.25)) return pick(leaves[wanted]);
    const sub = (of: Kind): string => wide(value(of, depth - 1));
    switch (wanted) {
      case "integer":
        return [
          () => `${sub("integer")} ${pick(["+", "-", "*", "/", "%"])} ${sub("integer")}`,
          () => `${sub("integer")} ${pick(["&", "|", "<<", ">>"])} ${sub("integer")}`,
          () => `${pick(["-", "~", "+"])}${pick(["", " "])}${sub("integer")}`.replaceAll("--", "- -"),
          () => `CAST(${value("any", depth - 1)} AS ${pick(["INTEGER", "INT", "BIGINT", "INT8"])})`,
          () => `CASE WHEN ${condition(depth - 1)} THEN ${sub("integer")} ELSE ${sub("integer")} END`,
          () => `${pick(["coalesce", "ifnull", "nullif"])}(${value("integer", depth - 1)}, ${value("integer", depth - 1)})`,
          () => `(${condition(depth - 1)})`,
          () => `${sub("integer")} + (${condition(depth - 1)})`,
        ][Math.floor(random() * 8)]?.() ?? "1";
      case "number":
        return [
          () => `${sub("number")} ${pick(["+", "-", "*", "/"])} ${sub("number")}`,
          () => `${sub("number")} % ${sub("integer")}`,
          () => `-${sub("number")}`.replaceAll("--", "- -"),
          () => `CAST(${value("any", depth - 1)} AS ${pick(["REAL", "DOUBLE", "FLOAT", "NUMERIC", "DECIMAL(6, 1)"])})`,
          () => `coalesce(${value("number", depth - 1)}, ${value("number", depth - 1)})`,
        ][Math.floor(random() * 5)]?.() ?? "1.5";
      case "text":
        return [
          () => `${sub("text")} || ${sub("text")}`,
          () => `${sub("text")} || ${sub("integer")}`,
          () => `${sub("any")} || ${sub("any")}`,
          () => `CAST(${value("any", depth - 1)} AS ${pick(["TEXT", "VARCHAR(2)", "CHAR(5)", "CLOB"])})`,
          () => `CASE ${sub("text")} WHEN ${sub("text")} THEN ${sub("text")} ELSE ${sub("text")} END`,
          () => `${pick(["s", "u", "l", "r"])} COLLATE ${pick(["NOCASE", "BINARY", "RTRIM"])}`,
        ][Math.floor(random() * 6)]?.() ?? "'a'";
      case "bytes":
        return chance(0.5) ? `CAST(${value("text", depth - 1)} AS BLOB)` : pick(leaves.bytes);
      case "truth":
        return condition(depth);
    }
  };
  const condition = (depth: number): string => {
    const sub = (of: Kind, deep = depth - 1): string => wide(value(of, deep));
    const kind: Kind = (["integer", "number", "text", "truth", "bytes", "any", "integer", "text"] as const)[Math.floor(random() * 8)] ?? "any";
    switch (Math.floor(random() * 13)) {
      case 0:
        return `${sub(kind)} ${pick(["IS", "IS NOT", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"])} ${sub(kind)}`;
      case 1:
        return `${sub(kind)} ${chance(0.3) ? "NOT " : ""}IN (${sub(kind, 0)}, ${sub(kind, 0)})`;
      case 2:
        return `${sub(kind)} ${chance(0.3) ? "NOT " : ""}BETWEEN ${sub(kind, 0)} AND ${sub(kind, 0)}`;
      case 3:
        return `${sub(chance(0.8) ? "text" : "any")} ${chance(0.3) ? "NOT " : ""}LIKE ${pick(["'a%'", "'%1%'", "'AB_'", "'_'", "'5'", "'10\\%'", "'%É%'", "u"])}${chance(0.15) ? " ESCAPE '!'" : ""}`;
      case 4:
        return `${sub(chance(0.8) ? "text" : "any")} ${chance(0.3) ? "NOT " : ""}GLOB ${pick(["'a*'", "'*1*'", "'AB?'", "'[0-9]*'", "'[^a]*'", "'%'", "'a_c'", "u"])}`;
      case 5:
        return `${depth > 0 ? condition(depth - 1) : "g"} ${pick(["AND", "OR"])} ${sub(chance(0.6) ? "truth" : "any")}`;
      case 6:
        return `NOT ${sub(chance(0.6) ? "truth" : "any")}`;
      case 7:
        return `${sub("any")} ${pick(["IS NULL", "IS NOT NULL", "ISNULL", "NOTNULL", "NOT NULL", "IS TRUE", "IS NOT FALSE"])}`;
      default:
        return `${sub(kind)} ${pick(["=", "==", "<>", "!=", "<", ">", "<=", ">="])} ${sub(chance(0.85) ? kind : "any")}`;
    }
  };
  const where = chance(0.4) ? ` WHERE ${chance(0.7) ? condition(2) : value("any", 1)}` : "";
  switch (Math.floor(random() * 5)) {
    case 0:
      return `SELECT id FROM kinds${where} ORDER BY ${value("any", 1)}${pick(["", " DESC"])}, id`;
    case 1:
      return `SELECT ${pick(["sum", "min", "max", "count"])}(${value("any", 1)}) FROM kinds${where}`;
    default:
      return `SELECT id, ${value("any", 2)} FROM kinds${where}`;
  }
}
