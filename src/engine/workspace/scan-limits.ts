/** What one file may cost; from cutover.json's `limits`. */
export interface ScanLimits {
  /** Larger files are not looked at. */
  readonly maxFileBytes: number;
  /** A file that takes longer is given up. */
  readonly maxFileSeconds: number;
}

export const defaultLimits: ScanLimits = { maxFileBytes: 5_000_000, maxFileSeconds: 5 };
