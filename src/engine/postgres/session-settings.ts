/**
 * What every session is set to, on a server and embedded alike, so that the same value is always printed as the same text:
 * UTC, ISO dates, doubles with every bit, bytes as hex, and backslashes that mean themselves in literals.
 */
export const sessionSettings: readonly (readonly [string, string])[] = [
  ["client_encoding", "UTF8"],
  ["TimeZone", "UTC"],
  ["DateStyle", "ISO, YMD"],
  ["IntervalStyle", "postgres"],
  ["extra_float_digits", "1"],
  ["bytea_output", "hex"],
  ["standard_conforming_strings", "on"],
];

/** One statement list that applies the settings and the time-outs (milliseconds, 0 for none). */
export function settingsScript(statementTimeout: number, lockTimeout: number): string {
  const settings: readonly (readonly [string, string])[] = [
    ...sessionSettings,
    ["statement_timeout", String(statementTimeout)],
    ["lock_timeout", String(lockTimeout)],
    ["idle_in_transaction_session_timeout", "0"],
  ];
  return settings.map(([name, value]) => `SET ${name} = '${value}'`).join("; ");
}
