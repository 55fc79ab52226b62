import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { mayHoldSql } from "#core/hosts/interest.ts";
import type { Language } from "#core/hosts/site.ts";
import type { LeftOut } from "./left-out.ts";

/** A file's bytes as they were at one moment. */
export interface ReadBytes {
  readonly bytes: Buffer;
  readonly size: number;
  readonly modified: number;
}

/** Why a file's content is not looked at. */
export interface NotRead {
  readonly why: LeftOut["why"];
  readonly detail?: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How often a file is read that changes while it is read. */
const attempts = 3;

/**
 * Reads a file whole, unless it is larger than `maxBytes`, cannot be read or does not hold still. Never waits for a pipe and never
 * reads without end.
 */
export function readBytes(path: string, maxBytes: number): ReadBytes | NotRead {
  for (let attempt = 0; attempt < attempts; attempt++) {
    let file: number;
    try {
      file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      return { why: "unreadable", detail: wordsOf(error) };
    }
    try {
      const before = fstatSync(file);
      if (!before.isFile()) return { why: "unreadable", detail: "it is not a file" };
      if (before.size > maxBytes) return { why: "too-large" };
      const bytes = Buffer.allocUnsafe(before.size);
      let length = 0;
      while (length < bytes.length) {
        const read = readSync(file, bytes, length, bytes.length - length, null);
        if (read === 0) break;
        length += read;
      }
      const after = fstatSync(file);
      if (length === before.size && after.size === before.size && after.mtimeMs === before.mtimeMs) return { bytes, size: before.size, modified: before.mtimeMs };
    } catch (error) {
      return { why: "unreadable", detail: wordsOf(error) };
    } finally {
      closeSync(file);
    }
  }
  return { why: "changing" };
}

/** The text of a file's bytes, or why it is none that we look at. `asked`: the file was named itself. */
export function decodeSource(path: string, language: Language, bytes: Buffer, asked: boolean): { readonly text: string } | NotRead {
  const wide = utf16(bytes);
  if (wide !== undefined) return { why: "encoding", detail: wide };
  if (bytes.subarray(0, 8000).includes(0)) return { why: "binary" };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { why: "encoding" };
  }
  if (!asked && (language === "javascript" || language === "typescript") && isMinified(path, text)) return { why: "minified" };
  if (!mayHoldSql(language, text)) return { why: "nothing-of-sql" };
  return { text };
}

/** The byte order mark of a wide encoding. */
function utf16(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes[2] === 0 && bytes[3] === 0 ? "it is UTF-32" : "it is UTF-16";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "it is UTF-16" : undefined;
}

/** A bundle's lines are long: no person writes an average of 300 characters a line. */
function isMinified(path: string, text: string): boolean {
  if (/[.-]min\.[cm]?js$/.test(path)) return true;
  if (text.length < 20_000) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length / lines > 300;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
