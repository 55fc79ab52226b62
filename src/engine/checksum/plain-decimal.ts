/** A decimal, with or without an exponent, as PostgreSQL prints `trim_scale()` of it: no exponent, no zeros at the end of a fraction. */
export function plainDecimal(text: string): string {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return /^[+-]?inf/i.test(text) ? (text.startsWith("-") ? "-Infinity" : "Infinity") : text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const digits = whole + fraction;
  if (!/[1-9]/.test(digits)) return "0";
  const point = whole.length + Number(exponent);
  const before = point <= 0 ? "0" : digits.slice(0, point).padEnd(point, "0").replace(/^0+(?=\d)/, "");
  const behind = point >= digits.length ? "" : (point < 0 ? "0".repeat(-point) + digits : digits.slice(Math.max(point, 0))).replace(/0+$/, "");
  return `${sign === "-" ? "-" : ""}${before === "" ? "0" : before}${behind === "" ? "" : `.${behind}`}`;
}
