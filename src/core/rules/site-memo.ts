import type { Site } from "#core/hosts/site.ts";
import type { Driver, Mode } from "./mode.ts";
import type { DdlTranslation, SqlFinding } from "./rule.ts";
import type { SchemaView } from "./schema-view.ts";

/** What the rules said of a site's SQL, in terms of its own text; or why none of them was asked. */
export interface SiteFindings {
  readonly findings: readonly { readonly rule: string; readonly found: SqlFinding }[];
  readonly problem: string | undefined;
}

/** What the rules are asked with besides the site. */
export interface SiteSetting {
  readonly mode: Mode;
  readonly driver: Driver;
  readonly schema: SchemaView | undefined;
  readonly translateDdl: ((sql: string) => DdlTranslation) | undefined;
}

/** Keeps what the rules said of sites, so that of a file that is typed in only the statement under the cursor is looked at again. */
export interface SiteMemo {
  /** What was said of a site of the same text under the same setting, else what `ask` says now. */
  of(site: Site, setting: SiteSetting, ask: () => SiteFindings): SiteFindings;
}

/** How many sites are kept. */
const most = 5000;

export function siteMemo(): SiteMemo {
  const kept = new Map<string, SiteFindings>();
  let schema: SchemaView | undefined;
  let translateDdl: SiteSetting["translateDdl"];
  return {
    of(site, setting, ask) {
      if (setting.schema !== schema || setting.translateDdl !== translateDdl) {
        kept.clear();
        ({ schema, translateDdl } = setting);
      }
      const key = keyOf(site, setting);
      if (key === undefined) return ask();
      const known = kept.get(key);
      if (known !== undefined) {
        // The last used ones come last.
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const said = ask();
      kept.set(key, said);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return said;
    },
  };
}

/** Everything of a site that a rule sees, but for where it stands; undefined where a fix would speak of a place outside of it. */
function keyOf({ language, text, kind, holes, call, beside }: Site, { mode, driver }: SiteSetting): string | undefined {
  if (holes.some((hole) => hole.placeholder !== undefined)) return undefined;
  return JSON.stringify([mode, driver, language, kind, call?.library, call?.method, call?.parameters, holes.map(({ span, what, form }) => [span.start, span.end, what, form]), text, beside]);
}
