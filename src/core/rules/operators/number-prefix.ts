/** The integer at a text's beginning that SQLite's CAST takes, as digits; undefined where it does not fit into 64 bits. */
export function wholePrefix(text: string): string | undefined {
  const [, sign = "", digits = ""] = /^[ \t\n\v\f\r]*([+-]?)([0-9]*)/.exec(text) ?? [];
  const value = BigInt(digits === "" ? "0" : digits);
  if (value >= 2n ** 63n) return undefined;
  return sign === "-" && value !== 0n ? `-${value}` : String(value);
}

/** The number at a text's beginning that SQLite's CAST takes, where it has few enough digits to be one double for both engines. */
export function realPrefix(text: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = ""] = /^[ \t\n\v\f\r]*([+-]?)([0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?/.exec(text) ?? [];
  const digits = whole + fraction.slice(1);
  if (digits === "") return "0.0";
  if (digits.replace(/^0+/, "").length > 15 || Math.abs(Number(exponent.slice(1) || "0")) > 20) return undefined;
  const shown = `${whole === "" ? "0" : whole}.${fraction.length > 1 ? fraction.slice(1) : "0"}${exponent}`;
  return sign === "-" && /[1-9]/.test(digits) ? `-${shown}` : shown;
}
