import { matchesGlob } from "node:path";
import type { Language, Site } from "#core/hosts/site.ts";
import type { Span } from "#core/text/span.ts";
import type { Driver } from "#core/rules/mode.ts";
import type { Config } from "./config.ts";

const defaults: Readonly<Record<Language, Driver>> = {
  python: "psycopg",
  typescript: "node-postgres",
  tsx: "node-postgres",
  javascript: "node-postgres",
  go: "node-postgres", // pgx writes $n as well
  java: "node-postgres", // JDBC keeps its own: see keepsPlaceholders
  csharp: "node-postgres", // Npgsql keeps its names
  php: "node-postgres", // PDO keeps its own
  rust: "node-postgres",
  ruby: "node-postgres",
  sql: "psycopg",
};

/** Methods that replace placeholders themselves, or need them as they are: sqlx's named ones and its In and Rebind, gorm's Raw. */
const goKeeping = /^(?:NamedExec|NamedQuery|NamedExecContext|PrepareNamed|Rebind|In|Raw)$/;

/** Whether a site's placeholders stay as they are on PostgreSQL too: its library reads them, or replaces them itself. */
export function keepsPlaceholders({ language, call }: Site): boolean {
  switch (language) {
    case "java":
    case "php":
    case "csharp":
      return true;
    case "go":
      return call !== undefined && goKeeping.test(call.method);
    case "rust":
    case "ruby":
      return call?.library === "active-record";
    case "python":
    case "typescript":
    case "tsx":
    case "javascript":
    case "sql":
      return false;
  }
}

/** A finding's rule and place are enough to know whether it asks for placeholders that stay. */
export function withoutKeptPlaceholders<F extends { readonly rule: string; readonly span: Span }>(findings: readonly F[], sites: readonly Site[]): readonly F[] {
  const kept = sites.filter(keepsPlaceholders);
  if (kept.length === 0) return findings;
  const covers = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;
  // A list of placeholders may stand between the literals; a heredoc's text stands behind the site's own span.
  const within = (span: Span): boolean => kept.some((site) => covers(site.span, span) || site.map.literals.some(({ contents }) => covers(contents, span)));
  return findings.filter(({ rule, span }) => rule !== "placeholder-style" || !within(span));
}

/** The driver that a path's statements will be handed to on PostgreSQL: the first glob of cutover.json that matches, else the language's usual one. */
export function driverFor(config: Config, path: string, language: Language): Driver {
  return config.drivers.find(({ glob }) => matchesGlob(path, glob))?.driver ?? defaults[language];
}
