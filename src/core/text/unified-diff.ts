import { createTwoFilesPatch } from "diff";

/** The change from one text to another as a unified diff with `a/` and `b/` headers, as `git apply` reads it; empty when the texts are equal. */
export function unifiedDiff(path: string, before: string, after: string): string {
  return before === after ? "" : createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true } });
}
