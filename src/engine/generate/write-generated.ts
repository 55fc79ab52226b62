import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CutoverError } from "#core/cutover-error.ts";
import { type GeneratedFile, generatedMark } from "./adapter-project.ts";

export interface WriteOptions {
  /** The workspace's folder. */
  readonly root: string;
  /** Writes over files that Cutover did not generate. */
  readonly force?: boolean;
}

export interface WrittenFile {
  readonly path: string;
  readonly outcome: "created" | "replaced" | "unchanged";
  /** What stood there before, for the caller to show or keep; undefined where nothing did. */
  readonly before: string | undefined;
}

/**
 * Writes a plan. All files are looked at before the first is written: when one that Cutover did not generate stands where a
 * `create` would write, nothing is written at all. A `replace` goes over the user's helper, whose text is given back.
 * @throws CutoverError `write-refused`
 */
export async function writeGenerated(files: readonly GeneratedFile[], options: WriteOptions): Promise<WrittenFile[]> {
  const looked = await Promise.all(files.map(async (file) => ({ file, before: await existing(join(options.root, file.path), file.path) })));
  const strangers = looked.filter(
    ({ file, before }) => file.kind === "create" && before !== undefined && before !== file.content && before.trim() !== "" && !isGenerated(before),
  );
  if (strangers.length > 0 && options.force !== true) {
    throw new CutoverError({
      tag: "write-refused",
      what: strangers.length === 1 ? "A file that Cutover did not generate stands in the way" : "Files that Cutover did not generate stand in the way",
      where: strangers.map(({ file }) => file.path).join(", "),
      next: "Move them away, choose another package name, or say --force to write over them.",
    });
  }
  const written: WrittenFile[] = [];
  for (const { file, before } of looked) {
    if (before === file.content) {
      written.push({ path: file.path, outcome: "unchanged", before });
      continue;
    }
    const path = join(options.root, file.path);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.content);
    } catch (cause) {
      throw new CutoverError({
        tag: "write-refused",
        what: "A file cannot be written",
        where: file.path,
        why: cause instanceof Error ? cause.message : String(cause),
        next: "Check the rights of the folder and run it again; files written before this one stay.",
        cause,
      });
    }
    written.push({ path: file.path, outcome: before === undefined ? "created" : "replaced", before });
  }
  return written;
}

/** Whether a file's text says that Cutover generated it. */
export function isGenerated(text: string): boolean {
  return text.slice(0, 400).includes(generatedMark);
}

async function existing(path: string, shown: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new CutoverError({
      tag: "write-refused",
      what: "What stands where a file is to be written cannot be read",
      where: shown,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "Move it away, or choose another package name.",
      cause,
    });
  }
}
