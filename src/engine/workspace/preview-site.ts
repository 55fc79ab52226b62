import { engineOf } from "#core/hosts/engine-of.ts";
import type { Site } from "#core/hosts/site.ts";
import { fixText } from "#core/rules/fix-text.ts";
import type { Edit } from "#core/text/edit.ts";
import { contains, type Span } from "#core/text/span.ts";
import { analyzeText, type TextToAnalyze } from "./analyze-text.ts";
import { languageOf } from "./host-parser.ts";
import { readHostFile } from "./read-host-file.ts";

/** A site's SQL as it stands and as the fixes of its findings would leave it. */
export interface SitePreview {
  readonly before: string;
  /** The text for PostgreSQL, where the fixes write one for each engine. */
  readonly after: string;
  /** How many findings the fixes mend, and how many are left. */
  readonly fixed: number;
  readonly left: number;
}

/**
 * Makes the preferred fixes of a site's findings on the file's text, those that ask for a review among them, and reads the
 * site again. Undefined when there is no such site.
 * @throws CutoverError when the configuration cannot be used
 */
export async function previewSite(file: TextToAnalyze, place: Span): Promise<SitePreview | undefined> {
  const language = languageOf(file.path);
  const { sites, findings } = await analyzeText(file);
  const site = sites.find(({ span }) => span.start === place.start && span.end === place.end);
  if (language === undefined || site === undefined) return undefined;
  const own = findings.filter((finding) => contains(site.span, finding.span));
  const { text, fixed } = fixText(file.text, own, "review");
  const edits = fixed.flatMap(({ fix }) => fix.edits);
  // Insertions at the site's edges stand around it: by_engine(…) wraps it whole.
  const before = grown(edits.filter(({ span }) => span.end < site.span.start || (span.end === site.span.start && span.start < span.end)));
  const all = grown(edits.filter(({ span }) => span.start <= site.span.end));
  const around = { start: site.span.start + before, end: site.span.end + all };
  const again = (await readHostFile(language, text)).sites.filter((each) => contains(around, each.span) && engineOf(each, text) !== "sqlite");
  const after = widest(again);
  return { before: site.text, after: after?.text ?? text.slice(around.start, around.end), fixed: fixed.length, left: own.length - fixed.length };
}

/** How many characters the edits add; one that several fixes share is made once. */
function grown(edits: readonly Edit[]): number {
  const seen = new Set<string>();
  let sum = 0;
  for (const { span, newText } of edits) {
    const key = JSON.stringify([span.start, span.end, newText]);
    if (seen.has(key)) continue;
    seen.add(key);
    sum += newText.length - (span.end - span.start);
  }
  return sum;
}

function widest(sites: readonly Site[]): Site | undefined {
  return sites.toSorted((a, b) => b.span.end - b.span.start - (a.span.end - a.span.start))[0];
}
