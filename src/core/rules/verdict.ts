/** What an engine said of a rewritten statement. */
export type Verdict =
  /** Both engines ran it on the same data and gave the same rows. */
  | { readonly verdict: "proven"; readonly rows: number }
  /** PostgreSQL accepts it against the translated schema. `difference`: both engines ran it, and what they gave is not the same. */
  | { readonly verdict: "prepared"; readonly difference: RowDifference | undefined }
  | Rejection
  | { readonly verdict: "unchecked"; readonly reason: string };

/** PostgreSQL's refusal, in its own words. */
export interface Rejection {
  readonly verdict: "rejected";
  /** Who refused: PostgreSQL's parser, or a server that holds the translated schema. */
  readonly gate: "parser" | "server";
  readonly message: string;
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html; the parser alone gives none but that of a syntax error. */
  readonly sqlState: string;
  readonly hint: string | undefined;
  /** In UTF-16 code units of the text that was asked about; undefined when the server names no place. */
  readonly offset: number | undefined;
}

/** How two results differ, for people. `order`: the same rows, in another order. */
export interface RowDifference {
  readonly kind: "rows" | "order" | "failure";
  readonly message: string;
}
