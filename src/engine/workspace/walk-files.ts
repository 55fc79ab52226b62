import { resolve } from "node:path";
import type { Language } from "#core/hosts/site.ts";
import type { LeftOut } from "./left-out.ts";
import { listFiles, type ListOptions } from "./list-files.ts";
import { decodeSource, readBytes } from "./read-source.ts";
import { defaultLimits } from "./scan-limits.ts";

/** A file that may hold something of ours. */
export interface SourceFile {
  /** Relative to the root, with `/` between its parts. */
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

export interface WalkOptions extends ListOptions {
  /** Files larger than this many bytes are left out; see `defaultLimits`. */
  readonly maxBytes?: number;
  /** Told of everything left out that has an extension we read, and of every folder left out. */
  readonly leftOut?: (item: LeftOut) => void;
}

/**
 * Walks a folder (or takes a single file) and gives every source file that may hold SQL, in the order of their paths.
 * A file that cannot be read is left out with the reason, never an error.
 */
export async function* walkFiles(root: string, options: WalkOptions = {}): AsyncGenerator<SourceFile> {
  for (const { file, leftOut } of await listFiles(resolve(root), options)) {
    options.signal?.throwIfAborted();
    if (file === undefined) {
      options.leftOut?.(leftOut);
      continue;
    }
    const { path, language } = file;
    const read = readBytes(file.absolute, options.maxBytes ?? defaultLimits.maxFileBytes);
    const source = "bytes" in read ? decodeSource(path, language, read.bytes, file.asked) : read;
    if ("text" in source) yield { path, language, text: source.text };
    else options.leftOut?.({ path, ...source });
  }
}
