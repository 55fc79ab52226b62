import type { HostFile, Language } from "#core/hosts/site.ts";
import { lineIndex } from "#core/text/line-index.ts";
import { readHostFile } from "#engine/workspace/read-host-file.ts";

/** A file as a table of examples reads it: places as `line:column`, both from 1. */
export interface Found {
  readonly host: HostFile;
  /** `4:9 statement execute/passed@4:1 SELECT …` */
  readonly sites: string[];
  /** `kind name line:column` */
  readonly uses: string[];
  at(offset: number): string;
}

/** Finds what a file holds, and writes it as lines. */
export async function foundIn(language: Language, source: string): Promise<Found> {
  const host = await readHostFile(language, source);
  const index = lineIndex(source);
  const at = (offset: number): string => {
    const { line, character } = index.positionAt(offset);
    return `${line + 1}:${character + 1}`;
  };
  return {
    host,
    at,
    sites: host.sites.map((site) => {
      const call = site.call === undefined ? "-" : `${site.call.library}.${site.call.method}/${site.call.parameters}@${at(site.call.span.start)}`;
      const holes = site.holes.map((h) => ` <${h.form} ${source.slice(h.file.start, h.file.end)}${h.placeholder === undefined ? "" : ` ?@${at(h.placeholder.start)}`}>`);
      return `${at(site.span.start)}-${at(site.span.end)} ${site.kind} ${call} ${site.text}${holes.join("")}`;
    }),
    uses: host.uses.map((use) => `${use.kind} ${use.name} ${at(use.span.start)}`),
  };
}
