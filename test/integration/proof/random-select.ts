/** Random SELECT structures over the tables of `select-structures.test.ts`: joins, groups, compounds, WITH, windows, limits, subqueries. */
export function randomSelect(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  };
  const chance = (of: number): boolean => random() < of;
  const a = ["id", "g", "v", "name", "tag"] as const;
  const order = (names: readonly string[]): string => ` ORDER BY ${pick(names)}${pick(["", " DESC", " ASC"])}${chance(0.2) ? pick([" NULLS FIRST", " NULLS LAST"]) : ""}, a.id`;
  const limit = (): string => (chance(0.4) ? ` LIMIT ${pick(["2", "-1", "3 OFFSET 1", "1, 2", "0", "-1 OFFSET 2", "2 OFFSET -1"])}` : "");
  const condition = (prefix = ""): string =>
    pick([`${prefix}g = 1`, `${prefix}g IS NULL`, `${prefix}id > 2`, `${prefix}id IN (1, 3, 5)`, `(${prefix}id, ${prefix}g) = (1, 1)`, `(${prefix}g, ${prefix}id) > (1, 2)`, `${prefix}id IN (SELECT id FROM b)`, `(${prefix}id, ${prefix}g) IN (SELECT id, g FROM b)`, `NOT ${prefix}g = 2`, `EXISTS (SELECT 1 FROM b WHERE b.g = ${prefix === "" ? "a.g" : `${prefix}g`})`, `${prefix}id = (SELECT max(id) FROM b)`, `${prefix}id IN only`]);
  const where = (prefix = ""): string => (chance(0.4) ? ` WHERE ${condition(prefix)}` : "");
  const join = (): string => pick([" JOIN b ON b.id = a.id", " LEFT JOIN b ON b.g = a.g", " RIGHT JOIN b ON b.g = a.g", " FULL JOIN b ON b.id = a.id", " JOIN b USING (id)", " LEFT JOIN b USING (g)", " JOIN b USING (id, g)", " NATURAL JOIN b", " CROSS JOIN b", ", b", " JOIN b", " CROSS JOIN b ON b.id = a.id", " LEFT JOIN (b JOIN only ON only.n = b.id) ON b.g = a.g"]);
  const aggregate = (p: string): string => pick(["count(*)", `count(${p}g)`, `sum(${p}id)`, `min(${p}name)`, `max(${p}v)`, `count(DISTINCT ${p}g)`, `count(*) FILTER (WHERE ${p}id > 2)`]);
  const window = (): string =>
    pick([
      "row_number() OVER (ORDER BY id)", "row_number() OVER (PARTITION BY g ORDER BY id DESC)", "rank() OVER (ORDER BY g)", "dense_rank() OVER (ORDER BY name DESC)", "sum(v) OVER (PARTITION BY g ORDER BY id)", "sum(id) OVER (ORDER BY g)", "count(*) OVER ()", "lag(v) OVER (ORDER BY id)",
      "lead(name, 1, 'none') OVER (PARTITION BY g ORDER BY id)", "first_value(name) OVER (PARTITION BY g ORDER BY v, id)", "last_value(id) OVER (ORDER BY g, id)", "max(v) OVER w", "sum(v) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)", "row_number() OVER (ORDER BY g)", "ntile(2) OVER (ORDER BY id)", "nth_value(name, 2) OVER (ORDER BY id)", "sum(id) OVER (ORDER BY g GROUPS 1 PRECEDING)", "cume_dist() OVER (ORDER BY g)",
    ]);
  switch (Math.floor(random() * 14)) {
    case 0:
      return `SELECT ${pick(["*", "a.*", "a.id, g", "id, name AS n", "a.id, a.v"])} FROM a${where("a.")}${order(["g", "name", "v", "tag", "id"])}${limit()}`;
    case 1:
      return `SELECT ${pick(["*", "a.id, b.id", "a.name, b.w", "id", "a.*", "a.id AS x, b.note AS y", "g"])} FROM a${join()}${where("a.")}${chance(0.3) ? ` ORDER BY a.${pick(a)}, a.id, b.id${limit()}` : ""}`;
    case 2:
      return `SELECT ${pick(["g", "g AS k", "name", "tag"])}, ${aggregate("")} AS c FROM a${where()} GROUP BY ${pick(["g", "1", "k", "name", "tag", "g, name"])}${chance(0.4) ? ` HAVING ${pick(["c > 1", "count(*) > 1", "g = 1", "c IS NOT NULL"])}` : ""}${chance(0.4) ? ` ORDER BY ${pick(["1", "c", "c DESC, 1", "g", "count(*)", "c + 1", "2, 1"])}` : ""}`;
    case 3:
      return `SELECT a.id, ${pick(["a.name", "b.w", "a.g"])}, ${aggregate("a.")} FROM a${pick([" JOIN b ON b.id = a.id", " LEFT JOIN b ON b.id = a.g", " LEFT JOIN b ON b.g = a.g"])} GROUP BY ${pick(["a.id", "b.id", "a.g", "a.id, b.id", "a.name"])}`;
    case 4: {
      const part = (): string => pick(["SELECT id FROM a", "SELECT g FROM a", "SELECT id FROM b", "SELECT n FROM only", "SELECT 3", "SELECT NULL", "VALUES (1), (2)", "SELECT name FROM a", "SELECT note FROM b", "SELECT w FROM b WHERE id > 1"]);
      const operator = (): string => pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]);
      return `${part()} ${operator()} ${part()}${chance(0.5) ? ` ${operator()} ${part()}` : ""}${chance(0.4) ? ` ORDER BY ${pick(["1", "id", "1 DESC", "g"])}` : ""}`;
    }
    case 5:
      return `WITH x AS (SELECT ${pick(["id, g AS k", "g AS k, count(*) AS id", "id, v + 1 AS k", "id, name AS k"])} FROM a${pick(["", where(), " GROUP BY g"])}) SELECT ${pick(["k", "id", "*", "k, count(*)", "max(k)"])} FROM x${pick(["", " WHERE id > 2", " WHERE k = 1", " GROUP BY k", " ORDER BY k, id", " ORDER BY k LIMIT 2"])}`;
    case 6:
      return `WITH ${chance(0.5) ? "RECURSIVE " : ""}n (i, p) AS (SELECT ${pick(["1, 1", "1, NULL", "id, g", "1, 'x'", "id, name"])}${pick(["", " FROM a WHERE id = 1", " FROM a WHERE g IS NULL"])} UNION${chance(0.5) ? " ALL" : ""} SELECT ${pick(["i + 1, p", "i + 1, i", "a.id, a.v", "i + 1, p || 'y'", "a.id, p + a.id"])} FROM n${pick(["", " JOIN a ON a.id = i + 1"])} WHERE i < ${pick(["3", "5"])}) SELECT ${pick(["i", "i, p", "count(*)", "max(i)"])} FROM n`;
    case 7:
      return `SELECT id, ${window()}${chance(0.3) ? `, ${window()}` : ""} FROM a${where()}${pick(["", " WINDOW w AS (PARTITION BY g ORDER BY id)", " WINDOW w AS (ORDER BY name)"])}${chance(0.5) ? " ORDER BY id" : ""}`;
    case 8:
      return `SELECT DISTINCT ${pick(["g", "name", "g, v", "tag", "g AS k", "*"])} FROM a${where()}${chance(0.6) ? ` ORDER BY ${pick(["g", "1", "name", "length(name)", "-g", "id", "v, g", "k"])}` : ""}${chance(0.3) ? " LIMIT 2" : ""}`;
    case 9:
      return `SELECT ${pick(["id", "s.id", "max(id)", "k", "k, id"])} FROM (SELECT ${pick(["id, g AS k", "id, name AS k", "max(id) AS id, g AS k", "b.id, a.g AS k"])} FROM a${pick(["", " GROUP BY g", " LEFT JOIN b ON b.g = a.g", " ORDER BY id LIMIT 3"])})${pick([" AS s", "", " s"])}${pick(["", " WHERE k = 1", " WHERE id > 1", " ORDER BY k, id", " ORDER BY id"])}`;
    case 10:
      return `SELECT id, (SELECT ${pick(["w", "max(w)", "count(*)", "note", "id"])} FROM b WHERE ${pick(["b.id = a.id", "b.g = a.g", "b.id = 1", "b.w > a.v"])}${pick(["", " ORDER BY id", " ORDER BY id LIMIT 1", " LIMIT 1"])}) AS s FROM a${pick(["", " ORDER BY id", " WHERE s = 5", " ORDER BY s, id"])}`;
    case 11:
      return `SELECT ${pick(["x.id, y.id", "x.name, z.w", "*"])} FROM a AS x, a AS y ${pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])} b AS z ON ${pick(["z.id = y.id", "z.id = x.id", "z.g = y.g AND z.id = x.id", "z.g = y.g"])}${pick(["", " WHERE x.id < 3", " WHERE x.id = y.id"])}`;
    case 12:
      return `SELECT ${pick(["rowid", "a.rowid AS r", "oid, name", "[id], `g`", '"name"', "main.a.id", "ID, NAME", "id AS userId", '"text"', "g year"])} FROM ${pick(["a", "main.a", "[a]", "a NOT INDEXED", "A"])}${pick(["", " WHERE rowid > 2", ' WHERE name = "an"', " ORDER BY rowid DESC", " ORDER BY 1, id LIMIT 2"])}`;
    default:
      return `SELECT id AS k, ${pick(["v AS m", "g + 1 AS m", "name AS m", "-g AS m", "id AS g"])} FROM a${pick([" WHERE k > 2", " WHERE m IS NOT NULL", "", " WHERE g = 1"])}${pick(["", " ORDER BY k + 1", " ORDER BY m, k", " ORDER BY -k LIMIT 2", " ORDER BY m + k", " ORDER BY 2, 1", " GROUP BY k HAVING k > 1"])}`;
  }
}
