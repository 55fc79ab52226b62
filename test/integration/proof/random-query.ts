/** Random queries over the tables of `pair.ts`: constructs that are the same on both engines and such that are not, mixed. */
export function randomQuery(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  };
  const chance = (of: number): boolean => random() < of;
  const columns = ["id", "name", "nick", "label", "age", "score", "active", "created", "raw"] as const;
  const literal = (): string => pick(["0", "1", "7", "10", "-7", "2.7", "0.1", "1e3", "'10'", "'anna'", "'Red'", "''", "'2020-01-01'", "'2020-01-01 00:00:00'", "NULL", "TRUE", "x'41'", "9223372036854775807", "0x10"]);
  const value = (depth: number): string => {
    if (depth <= 0 || chance(0.35)) return chance(0.65) ? pick(columns) : literal();
    switch (Math.floor(random() * 12)) {
      case 0:
        return `${value(depth - 1)} ${pick(["+", "-", "*", "/", "%", "||", "&", "<<"])} ${value(depth - 1)}`;
      case 1:
        return `(${value(depth - 1)})`;
      case 2:
        return `${pick(["lower", "upper", "length", "abs", "trim", "typeof", "round", "hex", "quote"])}(${value(depth - 1)})`;
      case 3:
        return `${pick(["coalesce", "ifnull", "nullif", "max", "min", "instr"])}(${value(depth - 1)}, ${value(depth - 1)})`;
      case 4:
        return `substr(${pick(columns)}, ${pick(["0", "1", "2", "-1"])}, ${pick(["0", "1", "3", "-1"])})`;
      case 5:
        return `CASE WHEN ${condition(depth - 1)} THEN ${value(depth - 1)} ELSE ${value(depth - 1)} END`;
      case 6:
        return `CAST(${value(depth - 1)} AS ${pick(["INTEGER", "TEXT", "REAL", "NUMERIC"])})`;
      case 7:
        return `replace(${pick(columns)}, ${pick(["'a'", "''", "'1'", "nick"])}, ${pick(["'b'", "''", "name"])})`;
      case 8:
        return `-${pick(columns)}`;
      case 9:
        return condition(depth - 1);
      default:
        return pick(columns);
    }
  };
  const condition = (depth: number): string => {
    switch (Math.floor(random() * 10)) {
      case 0:
        return `${value(depth - 1)} IS ${chance(0.5) ? "NOT " : ""}NULL`;
      case 1:
        return `${pick(columns)} ${chance(0.3) ? "NOT " : ""}IN (${literal()}, ${literal()})`;
      case 2:
        return `${pick(columns)} BETWEEN ${value(depth - 1)} AND ${value(depth - 1)}`;
      case 3:
        return `${chance(0.5) ? pick(columns) : `lower(${pick(columns)})`} LIKE ${pick(["'a%'", "'%1%'", "'AN%'", "'_x'", "'10\\%'"])}`;
      case 4:
        return depth <= 0 ? "active" : `(${condition(depth - 1)} ${pick(["AND", "OR"])} ${condition(depth - 1)})`;
      case 5:
        return depth <= 0 ? "active IS TRUE" : `NOT ${condition(depth - 1)}`;
      case 6:
        return `${chance(0.5) ? "EXISTS" : `${pick(columns)} IN`} (SELECT ${pick(["person", "amount", "note"])} FROM orders WHERE ${pick(["amount > 7", "person = people.id", "note = 'a'"])})`;
      default:
        return `${value(depth - 1)} ${pick(["=", "<>", "<", ">", "<=", ">=", "==", "IS"])} ${value(depth - 1)}`;
    }
  };
  const where = chance(0.7) ? ` WHERE ${condition(2)}` : "";
  switch (Math.floor(random() * 6)) {
    case 0: {
      const group = pick(columns);
      return `SELECT ${group}, ${pick(["count(*)", "sum", "min", "max", "avg", "count"]).replace(/^(\w+)$/, `$1(${chance(0.8) ? pick(columns) : value(1)})`)} FROM people${where} GROUP BY ${group}${chance(0.4) ? ` HAVING count(*) ${pick([">", "="])} 1` : ""}`;
    }
    case 1:
      return `SELECT DISTINCT ${pick(columns)}${chance(0.3) ? `, ${value(1)}` : ""} FROM people${where}`;
    case 2:
      return `SELECT ${pick(columns)} FROM people${where} ORDER BY ${pick(columns)}${pick(["", " DESC"])}, id${chance(0.5) ? ` LIMIT ${pick(["3", "-1", "0", "2 OFFSET 1"])}` : ""}`;
    case 3:
      return `SELECT p.${pick(columns)}, o.${pick(["id", "amount", "note"])} FROM people p ${pick(["JOIN", "LEFT JOIN", "INNER JOIN"])} orders o ON ${pick(["o.person = p.id", "o.amount = p.age", "o.note = p.name", "o.amount > p.score"])}${chance(0.5) ? ` WHERE p.${pick(columns)} ${pick(["=", ">", "<>"])} ${literal()}` : ""}`;
    case 4:
      return `SELECT ${pick(columns)} FROM people ${pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"])} SELECT ${pick(["amount", "note", "person", "7", "'a'"])} FROM orders`;
    default:
      return `SELECT ${value(2)}, ${value(1)} FROM people${where}`;
  }
}
