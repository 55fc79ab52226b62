import type { Language } from "./site.ts";

/** What the files of one language hold of SQLite. */
export interface LanguageInventory {
  readonly language: Language;
  /** Files that were analysed. */
  readonly files: number;
  /** Places that build SQL. */
  readonly sites: number;
  /** Files that import a connection helper of the project. */
  readonly helperImports: number;
  /** Calls of such a helper. */
  readonly helperCalls: number;
  /** `?` and other parameters in SQL; a list built in host code counts once. */
  readonly placeholders: number;
  /** Files whose SQL says AUTOINCREMENT. */
  readonly autoincrementFiles: number;
  /** Files whose SQL calls datetime(). */
  readonly datetimeFiles: number;
}

/** What a workspace holds of SQLite. */
export interface Inventory {
  /** In order of falling number of sites; languages without any are left out. */
  readonly languages: readonly LanguageInventory[];
  /** The project's connection helpers: functions that open a database and hand the connection out. */
  readonly helpers: readonly { readonly name: string; readonly path: string }[];
}
