/** A top-level statement of a Python module with the comments and blank lines before it. */
export interface PythonItem {
  readonly kind: "docstring" | "import" | "function" | "class" | "other";
  /** Lines, comments before it included; ends with a line break. */
  readonly text: string;
  /** Names that it binds at module level. */
  readonly names: readonly string[];
}

/** Divides a Python module into its top-level statements: enough of Python's lexer to know strings, comments and brackets. */
export function pythonModule(source: string): PythonItem[] {
  const text = source.replaceAll("\r\n", "\n");
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : text.split("\n");
  const inside = linesInside(lines);
  const items: PythonItem[] = [];
  let held: string[] = [];
  let current: string[] = [];
  const close = (): void => {
    if (current.length === 0) return;
    // Trailing blanks and comments belong to what follows.
    let end = current.length;
    while (end > 0 && /^(\s*|#.*)$/.test(current[end - 1] ?? "") && inside[lineOf - (current.length - end) - 1] !== true) end--;
    const tail = current.splice(end);
    const body = [...held, ...current];
    items.push(item(body, current, items.length === 0));
    held = tail;
    current = [];
  };
  let lineOf = 0;
  for (const line of lines) {
    const continues = inside[lineOf] === true || line === "" || /^[\s#]/.test(line) || (current.length > 0 && isContinuation(current, line));
    if (!continues) close();
    if (continues && current.length === 0) held.push(line);
    else current.push(line);
    lineOf++;
  }
  close();
  return items;
}

/** A decorator belongs to the definition that follows. `else`, `except` … belong to what they follow. */
function isContinuation(current: readonly string[], line: string): boolean {
  const code = current.filter((l) => l !== "" && !l.startsWith("#"));
  const last = code.filter((l) => !/^\s/.test(l)).at(-1) ?? "";
  if (last.startsWith("@")) return true;
  return /^(else|elif|except|finally)\b/.test(line) || /^[)\]}]/.test(line);
}

function item(lines: readonly string[], code: readonly string[], first: boolean): PythonItem {
  const text = `${lines.join("\n")}\n`;
  const head = code.find((l) => !l.startsWith("@") && l !== "") ?? "";
  const joined = code.join("\n");
  if (first && /^[rRuU]?("""|'''|"|')/.test(head)) return { kind: "docstring", text, names: [] };
  if (/^(import|from)\s/.test(head)) return { kind: "import", text, names: importedNames(joined) };
  const definition = /^(?:async\s+)?def\s+(\w+)/.exec(head);
  if (definition?.[1] !== undefined) return { kind: "function", text, names: [definition[1]] };
  const named = /^class\s+(\w+)/.exec(head);
  if (named?.[1] !== undefined) return { kind: "class", text, names: [named[1]] };
  const bound = /^(\w+)\s*(?::[^=]+)?=(?!=)/.exec(head);
  return { kind: "other", text, names: bound?.[1] === undefined ? [] : [bound[1]] };
}

/** Names bound by an import statement. */
function importedNames(statement: string): string[] {
  const plain = statement.replace(/#.*$/gm, "").replace(/[()\\\n]/g, " ");
  const from = /^from\s+\S+\s+import\s+(.*)$/.exec(plain);
  const list = from?.[1] ?? plain.replace(/^import\s+/, "");
  return list
    .split(",")
    .map((part) => {
      const [name = "", alias] = part.trim().split(/\s+as\s+/);
      return alias ?? (from === null ? (name.split(".")[0] ?? "") : name);
    })
    .filter((name) => name !== "");
}

/** For each line, whether it begins inside a string or a bracket. */
function linesInside(lines: readonly string[]): boolean[] {
  const result: boolean[] = [];
  let quote = "";
  let depth = 0;
  let joined = false;
  for (const line of lines) {
    result.push(quote !== "" || depth > 0 || joined);
    joined = false;
    for (let i = 0; i < line.length; i++) {
      const c = line.charAt(i);
      if (quote !== "") {
        if (c === "\\") i++;
        else if (line.startsWith(quote, i)) {
          i += quote.length - 1;
          quote = "";
        }
      } else if (c === "#") break;
      else if (c === '"' || c === "'") {
        quote = line.startsWith(c.repeat(3), i) ? c.repeat(3) : c;
        i += quote.length - 1;
      } else if ("([{".includes(c)) depth++;
      else if (")]}".includes(c)) depth--;
      else if (c === "\\" && i === line.length - 1) joined = true;
    }
    if (quote.length === 1 && !line.endsWith("\\")) quote = "";
  }
  return result;
}

/** A function's definition in parts. */
export interface PythonFunction {
  /** Comments and decorators before `def`, each line ending with a line break. */
  readonly before: string;
  /** From `def` to the colon, included. */
  readonly signature: string;
  readonly parameters: readonly PythonParameter[];
  /** Everything behind the colon. */
  readonly body: string;
}

export interface PythonParameter {
  readonly name: string;
  /** `plain` may be passed by name, `args` is `*name`, `kwargs` is `**name`. */
  readonly kind: "plain" | "args" | "kwargs";
}

/** Takes the definition of a top-level function apart; undefined where it is not one. */
export function pythonFunction(text: string): PythonFunction | undefined {
  const start = /^(?:async\s+)?def\s/m.exec(text);
  if (start === null) return undefined;
  let depth = 0;
  let quote = "";
  let open = -1;
  let shut = -1;
  for (let i = start.index; i < text.length; i++) {
    const c = text.charAt(i);
    if (quote !== "") {
      if (c === "\\") i++;
      else if (c === quote) quote = "";
    } else if (c === "#") i = text.indexOf("\n", i);
    else if (c === '"' || c === "'") quote = c;
    else if ("([{".includes(c)) {
      if (depth === 0 && open < 0) open = i;
      depth++;
    } else if (")]}".includes(c)) {
      depth--;
      if (depth === 0 && shut < 0) shut = i;
    } else if (c === ":" && depth === 0) {
      return {
        before: text.slice(0, start.index),
        signature: text.slice(start.index, i + 1),
        parameters: parametersOf(text.slice(open + 1, shut)),
        body: text.slice(i + 1),
      };
    }
  }
  return undefined;
}

function parametersOf(list: string): PythonParameter[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let part = "";
  for (const c of list.replace(/#.*$/gm, "")) {
    if (quote !== "") quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    if (c === "," && depth === 0 && quote === "") {
      parts.push(part);
      part = "";
    } else part += c;
  }
  parts.push(part);
  return parts.flatMap((p): PythonParameter[] => {
    const match = /^\s*(\*{0,2})\s*(\w+)/.exec(p);
    if (match?.[2] === undefined) return [];
    return [{ name: match[2], kind: match[1] === "*" ? "args" : match[1] === "**" ? "kwargs" : "plain" }];
  });
}
