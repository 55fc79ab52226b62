/** Random queries with SQLite's date and time functions over the table of `date-functions.test.ts`. */
export function randomMoment(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  };
  const count = (of: number): number => Math.floor(random() * of);
  const modifier = (): string =>
    pick([
      () => `${pick(["+", "-", ""])}${count(40)} ${pick(["days", "day", "hours", "minutes", "seconds"])}`,
      () => `${pick(["+", "-"])}${pick(["1.5", "0.25", "2.75"])} ${pick(["days", "hours", "minutes"])}`,
      () => `${pick(["+", "-"])}${count(14)} ${pick(["months", "month"])}`,
      () => `${pick(["+", "-"])}${count(4)} years`,
      () => `start of ${pick(["day", "month", "year"])}`,
      () => `weekday ${count(7)}`,
      () => `${pick(["+", "-"])}0${count(10)}:${10 + count(50)}`,
      () => `${pick(["+", "-"])}000${count(4)}-0${count(10)}-${10 + count(20)}`,
      () => pick(["floor", "ceiling", "nonsense", "+1 fortnight", "subsec"]),
    ])();
  const modifiers = (): string => Array.from({ length: pick([0, 0, 1, 1, 1, 2, 3]) }, () => `, '${modifier()}'`).join("");
  const literal = (): string => pick(["'2024-01-31'", "'2024-02-29 12:34:56'", "'2023-02-31'", "'rubbish'", "'1969-12-31 23:59:59'", "'2024'", "2460000.5", "NULL"]);
  const value = (): string => pick([() => "at", () => "at", () => "day", () => "day", () => "jd", () => "late", literal])() + modifiers();
  const moment = (): string => (random() < 0.15 ? `epoch, 'unixepoch'${modifiers()}` : value());
  const format = (): string => Array.from({ length: 1 + count(3) }, () => `%${pick("deFgGHIjklmMpPRsSTuUVwWY%".split(""))}`).join(pick(["", "-", " ", ":", "T", "x\"y"]));
  const text = (): string => pick([() => `datetime(${moment()})`, () => `date(${moment()})`, () => `time(${moment()})`, () => `strftime('${format()}', ${moment()})`, () => `strftime('${pick(["%Y-%m", "%Y-%m-01", "%Y-%m-%d %H:%M:%S", "%Y"])}', ${moment()})`])();
  const number = (): string => pick([() => `julianday(${moment()})`, () => `unixepoch(${moment()})`, () => `CAST(strftime('${pick(["%Y", "%s", "%j", "%W", "%H", "%w"])}', ${moment()}) AS INTEGER)`])();
  const plain = (): string => pick(["'2024-02-29'", "'2024-02-29 12:34:56'", "'2024'", "'2024-02'", "'2023-12-31 23:59:59'", "'12:00:00'", "''", "'2024-01-31 00:00'"]);
  const operator = (): string => pick(["=", "<", "<=", ">", ">=", "<>"]);
  const condition = (): string =>
    pick([
      () => `${text()} ${operator()} ${plain()}`,
      () => `${pick(["at", "day", "late"])} ${operator()} ${text()}`,
      () => `${pick(["at", "day"])} ${operator()} ${plain()}`,
      () => `${text()} ${operator()} ${text()}`,
      () => `${pick(["at", "day", "date(at)", "datetime(day)"])} ${pick(["", "NOT "])}BETWEEN ${pick([plain, text])()} AND ${pick([plain, text])()}`,
      () => `${pick(["epoch", "jd"])} ${operator()} ${number()}`,
      () => `epoch ${operator()} strftime('%s', ${moment()})`,
      () => `note ${operator()} ${text()}`,
      () => `${text()} IS NOT NULL`,
      () => `${text()} IN (${plain()}, ${plain()})`,
    ])();
  switch (count(6)) {
    case 0:
      return `SELECT id, ${text()}, ${number()} FROM moments`;
    case 1:
      return `SELECT id FROM moments WHERE ${condition()}`;
    case 2:
      return `SELECT id FROM moments WHERE ${condition()} ${pick(["AND", "OR"])} NOT ${condition()}`;
    case 3: {
      const group = text();
      return `SELECT ${group}, count(*) FROM moments GROUP BY ${group}`;
    }
    case 4:
      return `SELECT id, ${pick([() => `COALESCE(${pick(["at", "day", "note"])}, ${text()})`, () => `${text()} || '!'`, () => `strftime('%Y', ${moment()}) - 1`, () => `${number()} - ${number()}`, () => `CASE WHEN ${condition()} THEN ${text()} ELSE 'x' END`])()} FROM moments`;
    default:
      return `SELECT id FROM moments ORDER BY ${text()}, id`;
  }
}
