import type { Span } from "#core/text/span.ts";
import type { Statement } from "#core/sql/nodes.ts";
import { applyEdits, mergeEdits, type Edit } from "#core/text/edit.ts";
import { apart } from "../apart.ts";
import type { SqlFinding, SqlFix, StatementContext } from "../rule.ts";

/** What is wrong with a DDL statement, and PostgreSQL's form of it. */
export interface DdlRewrite {
  readonly span: Span;
  readonly severity: SqlFinding["severity"];
  readonly message: string;
  readonly title: string;
  readonly edits: readonly Edit[];
  readonly settles?: SqlFix["settles"];
  /** When the form differs, for a `review`. */
  readonly differs: string | undefined;
}

/**
 * A finding whose PostgreSQL form SQLite does not take: in mode `postgres` the edits, in mode `both` a choice by engine, which can be
 * offered only where the text is this one statement.
 */
export function ddlFinding({ span, severity, message, title, edits, settles, differs }: DdlRewrite, { mode, site, statement }: StatementContext): SqlFinding {
  const note = differs === undefined ? "" : ` Look at it: ${differs}.`;
  const applicability = differs === undefined ? ("safe" as const) : ("review" as const);
  if (mode === "postgres") return { span, severity, message: `${message}${note}`, fixes: [{ kind: "edit", title, applicability, edits, ...(settles === undefined ? {} : { settles }) }] };
  if (site.language === "sql") return { span, severity: "information", message: `${message} Keep this file for SQLite; the text for PostgreSQL is another.`, fixes: [] };
  if (!standsAlone(statement, site.text) || site.holes.length > 0) return { span, severity, message: `${message} The code has to choose by engine; give each statement a call of its own for that.${note}`, fixes: [] };
  const { edits: kept } = mergeEdits([{ edits: edits.map((edit) => apart(site.text, edit)) }]);
  return { span, severity, message: `${message} The code can choose between this text and PostgreSQL's by engine.${note}`, fixes: [{ kind: "by-engine", title: `${title}, chosen by engine`, applicability, postgresql: applyEdits(site.text, kept), needs: ["by_engine"] }] };
}

/** Whether a site's text is one statement and nothing else but comments, blanks and its semicolon. */
export function standsAlone(statement: Statement, text: string): boolean {
  const around = text.slice(0, statement.span.start) + text.slice(statement.span.end);
  return /^[\s;]*$/.test(around.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ""));
}
