import { nodesOfKind } from "#core/sql/walk.ts";
import { replace } from "../rewrite.ts";
import type { StatementRule } from "../rule.ts";

/** x'4142' are bytes in SQLite, and bits in PostgreSQL. */
export const blobLiteral: StatementRule = {
  meta: {
    id: "blob-literal",
    family: "operators",
    title: "Bytes written as x'…'",
    doc: {
      what: "Finds blob literals.",
      why: "In PostgreSQL x'4142' is a string of 16 bits: it is refused by a bytea column, and its length() is 16.",
      example: "INSERT INTO files (id, head) VALUES (1, x'4142')",
      useInstead: { both: "INSERT INTO files (id, head) VALUES (1, ?)", postgres: "INSERT INTO files (id, head) VALUES (1, CAST('\\x4142' AS bytea))" },
      fixSafety: "Safe in mode postgres: the same bytes. No text serves both engines: in mode both it is left to a person.",
    },
  },
  *check({ statement, mode, site }) {
    if (statement.kind === "CreateTableStatement") return;
    for (const { span, hex, holes } of nodesOfKind(statement, "BlobLiteral")) {
      const message = "PostgreSQL takes this for bits, not for bytes";
      if (mode === "both" || holes.length > 0) yield { span, severity: "error", message: `${message}, and no way to write bytes is the same on both: ${site.language === "sql" ? "PostgreSQL's script has to write '\\x…'" : "bind them"}.`, fixes: [] };
      else {
        yield {
          span,
          severity: "error",
          message: `${message}; its bytes are of type bytea.`,
          fixes: [{ kind: "edit", title: "Write a bytea", applicability: "safe", edits: [replace(span, `CAST('\\x${hex.toLowerCase()}' AS bytea)`)], settles: [{ span, kind: { kind: "other", type: "bytea" } }] }],
        };
      }
    }
  },
};
