/** What a session is set to, by the setting's name. */
export type Settings = ReadonlyMap<string, string>;

/** The time-outs of a target's sessions in milliseconds, 0 for none. */
export interface SessionTimeouts {
  readonly statement: number;
  readonly lock: number;
}

/**
 * What every session is set to, on a server and embedded alike. The same value is always printed as the same text: UTC, ISO dates, doubles with every bit,
 * bytes as hex, and backslashes that mean themselves in literals. Time-outs that a role or a database brings along would end a long index or a
 * quiet session: only ours count, and without ours there are none. Transactions see what is committed, as everything here is written for.
 */
export function sessionSettings(version: number, timeouts: SessionTimeouts): Settings {
  return new Map([
    // First: none of the following is to run into a time-out.
    ["statement_timeout", String(timeouts.statement)],
    ["lock_timeout", String(timeouts.lock)],
    ["idle_in_transaction_session_timeout", "0"],
    ["idle_session_timeout", "0"],
    ...(version >= 17 ? [["transaction_timeout", "0"] as const] : []),
    ["default_transaction_isolation", "read committed"],
    ["client_encoding", "UTF8"],
    ["TimeZone", "UTC"],
    ["DateStyle", "ISO, YMD"],
    ["IntervalStyle", "postgres"],
    ["extra_float_digits", "1"],
    ["bytea_output", "hex"],
    ["standard_conforming_strings", "on"],
  ]);
}

/** One statement list that applies settings: to the session, or `LOCAL` to the running transaction. */
export function settingsScript(settings: Settings, scope: "" | "LOCAL " = ""): string {
  return [...settings].map(([name, value]) => `SET ${scope}${name} = '${value.replaceAll("'", "''")}'`).join("; ");
}
