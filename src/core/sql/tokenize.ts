/** Cuts SQL into tokens as SQLite's tokenizer does (tokenize.c), and knows the holes of host code. */
import type { Span } from "#core/text/span.ts";
import { isNameable, isJoinWord, keywordOf } from "./keywords.ts";
import type { Token, TokenKind } from "./token.ts";

const noHoles: readonly Span[] = [];

/** Bits of what an ASCII character may be part of. */
const BLANK = 1;
const BLANK_START = 2;
const DIGIT = 4;
const HEX = 8;
const WORD = 16;
const WORD_START = 32;

const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const char = String.fromCharCode(c);
  let bits = 0;
  if (/[\t-\r ]/.test(char)) bits |= BLANK;
  // A vertical tab goes on a run of blanks but does not start one.
  if (/[\t\n\f\r ]/.test(char)) bits |= BLANK_START;
  if (/[0-9]/.test(char)) bits |= DIGIT;
  if (/[0-9a-fA-F]/.test(char)) bits |= HEX;
  if (/[0-9A-Za-z_$]/.test(char)) bits |= WORD;
  if (/[A-Za-z_]/.test(char)) bits |= WORD_START;
  classes[c] = bits;
}

/** Every code unit beyond ASCII may be part of a word. */
function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : WORD | WORD_START;
}

/** The holes in order, without those that lie outside the text or overlap an earlier one. */
function soundHoles(holes: readonly Span[], length: number): Span[] {
  const sound: Span[] = [];
  let end = 0;
  for (const hole of [...holes].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (hole.start < end || hole.end < hole.start || hole.end > length) continue;
    sound.push(hole);
    end = hole.end;
  }
  return sound;
}

/**
 * Cuts a text into tokens: every character is in exactly one of them, and the last is an empty `end`. Never throws.
 * A hole is a token of its own, or part of the name, quoted name, string, blob, variable or comment it is glued into.
 */
export function tokenize(sql: string, holes: readonly Span[] = noHoles): Token[] {
  const all = holes.length === 0 ? noHoles : soundHoles(holes, sql.length);
  const tokens: Token[] = [];
  const length = sql.length;
  let at = 0;
  let nextHole = 0;
  /** Where the next hole starts: single steps must not cross it. */
  let limit = all[0]?.start ?? length;
  /** Index of the first hole inside the token under way. */
  let firstHole = 0;

  const push = (kind: TokenKind, end: number, symbol: string): void => {
    tokens.push({ kind, start: at, end, symbol, holes: firstHole === nextHole ? noHoles : all.slice(firstHole, nextHole) });
    at = end;
  };
  const atHole = (position: number): boolean => nextHole < all.length && position === limit;
  /** Steps over the hole at a position. */
  const crossHole = (position: number): number => {
    const end = all[nextHole]?.end ?? position;
    nextHole++;
    limit = all[nextHole]?.start ?? length;
    return end;
  };
  /** Where some text is found from a position on, outside of holes, which are stepped over; -1 when nowhere. */
  const find = (text: string, from: number): number => {
    let position = from;
    for (;;) {
      const found = sql.indexOf(text, position);
      const last = found < 0 ? length : found + text.length - 1;
      if (nextHole >= all.length || limit > last) return found;
      position = crossHole(limit);
    }
  };
  const runOf = (from: number, bits: number): number => {
    let end = from;
    while (end < limit && (classOf(sql.charCodeAt(end)) & bits) !== 0) end++;
    return end;
  };
  const codeAt = (position: number): number => (position < limit ? sql.charCodeAt(position) : 0);

  /** A word from `from`, with the holes glued into it. */
  const wordEnd = (from: number): number => {
    let end = runOf(from, WORD);
    while (atHole(end)) end = runOf(crossHole(end), WORD);
    return end;
  };

  const word = (from: number): void => {
    const end = runOf(from, WORD);
    const keyword = keywordOf(sql.slice(at, end));
    // `SELECT{columns}` is a keyword and a hole, `tbl_{n}` a name.
    const glued = atHole(end) && !(keyword !== undefined && !isNameable(keyword) && !isJoinWord(keyword));
    if (glued) push("name", wordEnd(end), "");
    else if (keyword !== undefined) push("keyword", end, keyword);
    else push("name", end, "");
  };

  const hole = (): void => {
    let end = crossHole(at);
    while (atHole(end)) end = crossHole(end);
    if ((classOf(codeAt(end)) & WORD) !== 0) {
      const run = runOf(end, WORD);
      const keyword = keywordOf(sql.slice(end, run));
      const separate = keyword !== undefined && !atHole(run) && !isNameable(keyword) && !isJoinWord(keyword);
      if (!separate) {
        push("name", wordEnd(end), "");
        return;
      }
    }
    push("hole", end, "");
  };

  const quoted = (quote: string, kind: TokenKind): void => {
    let end = find(quote, at + 1);
    while (end >= 0 && quote !== "]" && codeAt(end + 1) === quote.charCodeAt(0)) end = find(quote, end + 2);
    if (end < 0) push("illegal", length, "");
    else push(kind, end + 1, "");
  };

  const number = (): void => {
    let end = at;
    let legal = true;
    const first = codeAt(at);
    const second = codeAt(at + 1);
    const digits = (from: number, bits: number): number => {
      let position = from;
      while (position < limit && ((classOf(sql.charCodeAt(position)) & bits) !== 0 || sql.charCodeAt(position) === 95)) position++;
      return position;
    };
    if (first === 48 && (second === 120 || second === 88) && (classOf(codeAt(at + 2)) & HEX) !== 0) {
      end = digits(at + 3, HEX);
    } else {
      end = digits(at, DIGIT);
      if (codeAt(end) === 46) end = digits(end + 1, DIGIT);
      if ((codeAt(end) | 32) === 101) {
        const sign = codeAt(end + 1);
        const exponent = sign === 43 || sign === 45 ? end + 2 : end + 1;
        if ((classOf(codeAt(exponent)) & DIGIT) !== 0) end = digits(exponent + 1, DIGIT);
      }
    }
    if ((classOf(codeAt(end)) & WORD) !== 0) {
      end = runOf(end, WORD);
      legal = false;
    }
    push(legal ? "number" : "illegal", end, "");
  };

  /** `:a`, `@a`, `$a`, `#1`, with TCL's `::` and `(…)`. */
  const variable = (): void => {
    let end = at + 1;
    let named = 0;
    for (;;) {
      if (atHole(end)) {
        end = crossHole(end);
        named++;
        continue;
      }
      const code = codeAt(end);
      if ((classOf(code) & WORD) !== 0) {
        end++;
        named++;
      } else if (code === 40 && named > 0) {
        do {
          end++;
          while (atHole(end)) end = crossHole(end);
        } while (end < length && codeAt(end) !== 41 && (classOf(codeAt(end)) & BLANK) === 0);
        if (codeAt(end) !== 41) named = 0;
        else end++;
        break;
      } else if (code === 58 && codeAt(end + 1) === 58) end += 2;
      else break;
    }
    push(named > 0 ? "variable" : "illegal", end, "");
  };

  const blob = (): void => {
    const end = find("'", at + 2);
    if (end < 0) {
      push("illegal", length, "");
      return;
    }
    const legal = firstHole !== nextHole || (runOf(at + 2, HEX) === end && (end - at) % 2 === 0);
    push(legal ? "blob" : "illegal", end + 1, "");
  };

  while (at < length || nextHole < all.length) {
    firstHole = nextHole;
    if (atHole(at)) {
      hole();
      continue;
    }
    const code = sql.charCodeAt(at);
    const bits = classOf(code);
    if ((bits & BLANK_START) !== 0) {
      push("blank", runOf(at + 1, BLANK), "");
    } else if ((bits & WORD_START) !== 0) {
      if ((code | 32) === 120 && codeAt(at + 1) === 39) blob();
      else if (code === 0xfeff) push("blank", at + 1, "");
      else word(at + 1);
    } else if ((bits & DIGIT) !== 0) {
      number();
    } else {
      const next = codeAt(at + 1);
      switch (code) {
        case 34: quoted('"', "quoted"); break;
        case 39: quoted("'", "string"); break;
        case 96: quoted("`", "quoted"); break;
        case 91: quoted("]", "quoted"); break;
        case 63: { // ?
          const end = runOf(at + 1, DIGIT);
          push("variable", end === at + 1 && atHole(end) ? crossHole(end) : end, "");
          break;
        }
        case 35: case 36: case 58: case 64: variable(); break;
        case 45: // -
          if (next === 45) {
            const end = find("\n", at + 2);
            push("comment", end < 0 ? length : end, "");
          } else if (next === 62) {
            if (codeAt(at + 2) === 62) push("operator", at + 3, "->>");
            else push("operator", at + 2, "->");
          } else push("operator", at + 1, "-");
          break;
        case 47: // /
          if (next === 42 && at + 2 < length) {
            const end = find("*/", at + 2);
            push("comment", end < 0 ? length : end + 2, "");
          } else push("operator", at + 1, "/");
          break;
        case 46: // .
          if ((classOf(next) & DIGIT) !== 0) number();
          else push("operator", at + 1, ".");
          break;
        case 40: push("operator", at + 1, "("); break;
        case 41: push("operator", at + 1, ")"); break;
        case 44: push("operator", at + 1, ","); break;
        case 59: push("operator", at + 1, ";"); break;
        case 43: push("operator", at + 1, "+"); break;
        case 42: push("operator", at + 1, "*"); break;
        case 37: push("operator", at + 1, "%"); break;
        case 38: push("operator", at + 1, "&"); break;
        case 126: push("operator", at + 1, "~"); break;
        case 61: // =
          if (next === 61) push("operator", at + 2, "==");
          else push("operator", at + 1, "=");
          break;
        case 60: // <
          if (next === 61) push("operator", at + 2, "<=");
          else if (next === 62) push("operator", at + 2, "<>");
          else if (next === 60) push("operator", at + 2, "<<");
          else push("operator", at + 1, "<");
          break;
        case 62: // >
          if (next === 61) push("operator", at + 2, ">=");
          else if (next === 62) push("operator", at + 2, ">>");
          else push("operator", at + 1, ">");
          break;
        case 33: // !
          if (next === 61) push("operator", at + 2, "!=");
          else push("illegal", at + 1, "");
          break;
        case 124: // |
          if (next === 124) push("operator", at + 2, "||");
          else push("operator", at + 1, "|");
          break;
        default: push("illegal", at + 1, "");
      }
    }
  }
  firstHole = nextHole;
  push("end", length, "");
  return tokens;
}
