/** A top-level statement of a TypeScript module with the comments and blank lines before it. */
export interface TypescriptItem {
  readonly kind: "import" | "function" | "type" | "value" | "other";
  readonly name: string | undefined;
  readonly exported: boolean;
  /** Lines, comments before it included; ends with a line break. */
  readonly text: string;
}

/**
 * Divides a module into its top-level statements. A statement begins on a line that starts at the left margin outside of
 * every string, comment and bracket, which is how formatted code is written.
 */
export function typescriptModule(source: string): TypescriptItem[] {
  const text = source.replaceAll("\r\n", "\n");
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : text.split("\n");
  const inside = linesInside(lines);
  const items: TypescriptItem[] = [];
  let held: string[] = [];
  let current: string[] = [];
  const close = (): void => {
    if (current.length > 0) items.push(item([...held, ...current], current));
    if (current.length > 0) held = [];
    current = [];
  };
  lines.forEach((line, at) => {
    const within = inside[at] === true;
    const comment = !within && (line === "" || line.startsWith("//") || line.startsWith("/*"));
    if (within || (!comment && /^[\s)\]}]/.test(line))) {
      if (current.length > 0) current.push(line);
      else held.push(line);
    } else if (comment) {
      close();
      held.push(line);
    } else {
      close();
      current.push(line);
    }
  });
  close();
  return items;
}

function item(lines: readonly string[], code: readonly string[]): TypescriptItem {
  const text = `${lines.join("\n")}\n`;
  const head = code[0] ?? "";
  const exported = /^export\b/.test(head);
  const bare = head.replace(/^export\s+(?:default\s+)?/, "");
  if (/^import\b/.test(head)) return { kind: "import", name: undefined, exported: false, text };
  const named = (kind: TypescriptItem["kind"], pattern: RegExp): TypescriptItem | undefined => {
    const name = pattern.exec(bare)?.[1];
    return name === undefined ? undefined : { kind, name, exported, text };
  };
  return (
    named("function", /^(?:async\s+)?function\s*\*?\s*([\w$]+)/) ??
    named("type", /^(?:declare\s+)?(?:interface|type)\s+([\w$]+)/) ??
    named("value", /^(?:abstract\s+)?(?:const|let|var|class|enum)\s+([\w$]+)/) ?? { kind: "other", name: undefined, exported, text }
  );
}

/** For each line, whether it begins inside a string, a comment or a bracket. */
function linesInside(lines: readonly string[]): boolean[] {
  const result: boolean[] = [];
  // What is open: brackets, "`" for a template, "*" for a block comment.
  const open: string[] = [];
  for (const line of lines) {
    result.push(open.length > 0);
    let before = "";
    for (let i = 0; i < line.length; i++) {
      const c = line.charAt(i);
      const top = open.at(-1);
      if (top === "*") {
        if (line.startsWith("*/", i)) {
          open.pop();
          i++;
        }
      } else if (top === "`") {
        if (c === "\\") i++;
        else if (c === "`") open.pop();
        else if (line.startsWith("${", i)) {
          open.push("{");
          i++;
        }
      } else if (line.startsWith("//", i)) break;
      else if (line.startsWith("/*", i)) {
        open.push("*");
        i++;
      } else if (c === '"' || c === "'") i = stringEnd(line, i, c);
      else if (c === "/" && /(?:^|[(,=:[!&|?{};]|\breturn)\s*$/.test(before)) i = regexEnd(line, i);
      else if ("([{`".includes(c)) open.push(c);
      else if (")]}".includes(c)) open.pop();
      before = line.slice(0, i + 1);
    }
  }
  return result;
}

function stringEnd(line: string, start: number, quote: string): number {
  for (let i = start + 1; i < line.length; i++) {
    if (line.charAt(i) === "\\") i++;
    else if (line.charAt(i) === quote) return i;
  }
  return line.length;
}

function regexEnd(line: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < line.length; i++) {
    const c = line.charAt(i);
    if (c === "\\") i++;
    else if (c === "[") inClass = true;
    else if (c === "]") inClass = false;
    else if (c === "/" && !inClass) return i;
  }
  return line.length;
}
