import type { Range } from "#protocol/worker.ts";

/** A place where SQL text is built, as a command is told of it. */
export interface AddressedStatement {
  /** A text, because links of hovers carry it as JSON. */
  readonly uri: string;
  readonly version: number;
  readonly range: Range;
}

/** The statement that a code lens called a command with; undefined when it was called otherwise. */
export function statementOf(argument: unknown): AddressedStatement | undefined {
  return isStatement(argument) ? argument : undefined;
}

function isStatement(value: unknown): value is AddressedStatement {
  return typeof value === "object" && value !== null && "uri" in value && typeof value.uri === "string" && "version" in value && typeof value.version === "number" && "range" in value;
}
