import type { Extension } from "vscode";

/** What a check has to work with. */
export interface Product {
  /** The installed product. */
  readonly extension: Extension<unknown>;
  /** The folder that is open. */
  readonly folder: string;
}

/** One check from inside VS Code: throws when it does not hold. Checks run in their order, in one extension host. */
export interface Check {
  readonly name: string;
  readonly run: (product: Product) => Promise<void>;
}

/** What came of a check, as the results file holds it. */
export interface CheckResult {
  readonly name: string;
  readonly milliseconds: number;
  /** Why it does not hold, with the stack. */
  readonly failure: string | undefined;
}
