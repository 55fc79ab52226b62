/** The phases of a migration, in their order. */
export const phases = ["plan", "preflight", "backup", "pre-data", "copy", "post-data", "sequences", "analyze", "verify"] as const;
export type Phase = (typeof phases)[number];

/**
 * What a run tells while it runs; as JSON, one per line, this is `--progress json`. Rows and bytes count what the target has committed;
 * `bytes` are those of the COPY stream. New kinds may come within version 1; a reader skips kinds it does not know.
 */
export type ProgressEvent = { readonly version: 1 } & (
  | { readonly kind: "phase-start"; readonly phase: Phase }
  | { readonly kind: "phase-end"; readonly phase: Phase; readonly seconds: number }
  /** How far one table is. `totalRows` is undefined while it is not known. */
  | { readonly kind: "table"; readonly phase: Phase; readonly table: string; readonly rows: number; readonly totalRows: number | undefined; readonly bytes: number; readonly quarantined: number; readonly done: boolean }
  /** The whole copy: rates per second since its start, seconds remaining at this rate. */
  | { readonly kind: "total"; readonly rows: number; readonly totalRows: number; readonly bytes: number; readonly rowsPerSecond: number; readonly bytesPerSecond: number; readonly secondsRemaining: number | undefined }
  /** One step of a phase that has no rows: an object made, a sequence set. */
  | { readonly kind: "step"; readonly phase: Phase; readonly name: string; readonly done: number; readonly of: number }
  /** The connection was lost, or a transaction taken back; the phase goes on after `seconds`. A warning says the same to people. */
  | { readonly kind: "retry"; readonly phase: Phase; readonly attempt: number; readonly of: number; readonly seconds: number; readonly why: string }
  | { readonly kind: "warning"; readonly phase: Phase; readonly message: string }
  | { readonly kind: "done"; readonly seconds: number }
  | { readonly kind: "failed"; readonly error: { readonly tag: string; readonly what: string; readonly where?: string; readonly why?: string; readonly next: string } }
);

type WithoutVersion<T> = T extends unknown ? Omit<T, "version"> : never;

/** An event as its sender writes it. */
export type ProgressDetail = WithoutVersion<ProgressEvent>;
