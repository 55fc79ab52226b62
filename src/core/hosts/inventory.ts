import type { HostUse, Language } from "./site.ts";

/** What of SQLite the files of one language hold. Every list of paths is sorted. */
export interface LanguageInventory {
  readonly language: Language;
  /** Files with a site or a use. */
  readonly files: number;
  /** SQLite's own; not those of `otherSites`. */
  readonly sites: number;
  /** Sites whose code says that they are another engine's: the rules leave them alone, and they count nowhere else. */
  readonly otherSites: { readonly postgresql: number; readonly mysql: number; readonly other: number };
  /** Files that import a connection helper of the project. */
  readonly helperFiles: readonly string[];
  /** Calls of connection helpers. */
  readonly helperCalls: number;
  /** Files with calls that open a database themselves. */
  readonly connectFiles: readonly string[];
  /** Placeholders `?` and `?NNN`; a list built at run time counts as one. */
  readonly placeholders: number;
  /** Placeholders with a name: `:name`, `@name`, `$name`. */
  readonly namedPlaceholders: number;
  readonly autoincrementFiles: readonly string[];
  readonly datetimeFiles: readonly string[];
  /** How often each kind of use occurs. */
  readonly uses: Readonly<Record<HostUse["kind"], number>>;
}

/** What a workspace holds of SQLite, by language in the order of first occurrence. */
export type Inventory = readonly LanguageInventory[];
