import { findInGo } from "#core/hosts/go.ts";
import { findInCsharp } from "#core/hosts/csharp.ts";
import { findInPhp } from "#core/hosts/php.ts";
import { findInRust } from "#core/hosts/rust.ts";
import { findInRuby } from "#core/hosts/ruby.ts";
import { findInJava } from "#core/hosts/java.ts";
import { findInPython } from "#core/hosts/python.ts";
import type { HostFile, Language } from "#core/hosts/site.ts";
import { findInSql } from "#core/hosts/sql.ts";
import { findInTypeScript } from "#core/hosts/typescript.ts";
import { parseHost, type ParseHostOptions } from "./host-parser.ts";

/**
 * Everything that one file holds for us: parses it and finds its sites and uses.
 * @throws ParseFailure when the limit is passed or the parser breaks on the file
 */
export async function readHostFile(language: Language, text: string, options?: ParseHostOptions): Promise<HostFile> {
  if (language === "sql") return findInSql(text);
  const { root } = await parseHost(language, text, options);
  switch (language) {
    case "python":
      return findInPython(text, root);
    case "typescript":
    case "tsx":
    case "javascript":
      return findInTypeScript(text, root, language);
    case "go":
      return findInGo(text, root);
    case "java":
      return findInJava(text, root);
    case "ruby":
      return findInRuby(text, root);
    case "rust":
      return findInRust(text, root);
    case "php":
      return findInPhp(text, root);
    case "csharp":
      return findInCsharp(text, root);
  }
}
