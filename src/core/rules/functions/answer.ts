import type { Edit } from "#core/text/edit.ts";
import type { Severity } from "../finding.ts";
import type { ValueKind } from "../kinds/value-kind.ts";
import type { SqlFinding } from "../rule.ts";
import type { Call } from "./call.ts";

/** What is to be said of a call, and what to do. */
export type Answer =
  | {
      readonly form: "rewrite";
      readonly title: string;
      readonly message: string;
      readonly edits: readonly Edit[];
      /**
       * The value's kind on PostgreSQL, when the new form gives what SQLite gives; `undefined` asks for a review. `unsettled`: the new form is
       * right, but PostgreSQL refuses it where the values are not of one type.
       */
      readonly exact: ValueKind | "unsettled" | undefined;
      readonly severity?: Severity;
    }
  /** The generated adapter has it. `exact`: the value's kind, where it gives what SQLite gives; `unsettled`: so it is, and of no kind; `differs`: when it does not. */
  | { readonly form: "supplied"; readonly exact: ValueKind | "unsettled" }
  | { readonly form: "supplied"; readonly exact: undefined; readonly differs: string }
  /** Left to a person. */
  | { readonly form: "manual"; readonly message: string; readonly severity?: Severity };

/** Looks at one call; undefined when there is nothing to say. */
export type Translator = (call: Call) => Answer | undefined;

/** What the adapter has with SQLite's meaning. */
export function supplied(exact: ValueKind | "unsettled"): Answer {
  return { form: "supplied", exact };
}

/** What the adapter has, and when it gives something else. */
export function suppliedBut(differs: string): Answer {
  return { form: "supplied", exact: undefined, differs };
}

/** `supplied`, or `suppliedBut` where there is a reason. */
export function suppliedUnless(differs: string | undefined, exact: ValueKind | "unsettled"): Answer {
  return differs === undefined ? supplied(exact) : suppliedBut(differs);
}

export function manual(message: string, severity: Severity = "error"): Answer {
  return { form: "manual", message, severity };
}

/** The finding that an answer makes, at the function's name. */
export function findingOf({ node, name }: Call, answer: Answer): SqlFinding {
  const { span } = node.name;
  switch (answer.form) {
    case "supplied": {
      const base = { span, severity: "information", supplied: [name], fixes: [] } as const;
      const message = `PostgreSQL has no such ${name}(); the generated adapter supplies it there.`;
      if (answer.exact === "unsettled") return { ...base, message };
      // An empty range is no node's: nothing is vouched for.
      if (answer.exact === undefined) return { ...base, message: `${message} Look at it: ${answer.differs}.`, advice: true, settles: [{ span: { start: span.start, end: span.start } }] };
      return { ...base, message, settles: [{ span: node.span, kind: answer.exact }] };
    }
    case "manual":
      return { span, severity: answer.severity ?? "error", message: answer.message, fixes: [] };
    case "rewrite": {
      const { title, message, edits, exact, severity } = answer;
      const fix = { kind: "edit", title, edits } as const;
      return {
        span,
        severity: severity ?? "error",
        message,
        fixes: [exact === undefined ? { ...fix, applicability: "review" } : { ...fix, applicability: "safe", ...(exact === "unsettled" ? {} : { settles: [{ span: node.span, kind: exact }] }) }],
      };
    }
  }
}
