import { readFileSync } from "node:fs";
import { CutoverError } from "#core/cutover-error.ts";

/** Reads a template; `name` is its path below `templates/`, such as `python/factory.py`. @throws CutoverError `internal` when the installation lacks it */
export function readTemplate(name: string): string {
  try {
    return readFileSync(new URL(`./templates/${name}`, import.meta.url), "utf8");
  } catch (cause) {
    throw new CutoverError({
      tag: "internal",
      what: `The template ${name} is missing from this installation`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "Install Cutover again.",
      cause,
    });
  }
}

/**
 * Puts values in for `#{name}`. A mark that stands in quotes of its own, `"#{name}"`, is replaced quotes and all, so that
 * templates stay readable to their language's tools. @throws CutoverError `internal` for a mark without a value
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/"#\{(\w+)\}"|#\{(\w+)\}/g, (mark, quoted: string | undefined, bare: string | undefined) => {
    const value = values[quoted ?? bare ?? ""];
    if (value === undefined) {
      throw new CutoverError({ tag: "internal", what: `The template's mark ${mark} has no value`, next: "Report this as a bug." });
    }
    return value;
  });
}
