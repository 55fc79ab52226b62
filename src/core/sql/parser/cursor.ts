import type { Span } from "#core/text/span.ts";
import { isJoinWord, isNameable } from "../keywords.ts";
import type { ErrorNode, Hole, SyntaxProblem } from "../nodes.ts";
import { tokenize } from "../tokenize.ts";
import type { Token } from "../token.ts";

/**
 * What nesting may cost in all before the parser gives up. A level of parentheses costs 3, so a thousand fit: SQLite's
 * default limit for expressions (https://www.sqlite.org/limits.html#max_expr_depth). Other constructs cost what they
 * take of the stack in proportion, which keeps our recursion well clear of its end.
 */
const nestingBudget = 3010;

const nothing: Token = { kind: "end", start: 0, end: 0, symbol: "", holes: [] };

/** OVER and FILTER are keywords after a `)` only, and WINDOW before `name AS` only (tokenize.c, analyze…Keyword). */
function resolveWindowWords(tokens: Token[]): void {
  const isName = (token: Token | undefined): boolean =>
    token !== undefined &&
    (token.kind === "name" || token.kind === "quoted" || token.kind === "string" || token.kind === "hole" ||
      (token.kind === "keyword" && (isNameable(token.symbol) || isJoinWord(token.symbol) || token.symbol === "WINDOW" || token.symbol === "OVER")));
  tokens.forEach((token, i) => {
    if (token.kind !== "keyword") return;
    const next = tokens[i + 1];
    let keyword = true;
    if (token.symbol === "WINDOW") keyword = isName(next) && tokens[i + 2]?.symbol === "AS";
    else if (token.symbol === "OVER") keyword = tokens[i - 1]?.symbol === ")" && (next?.symbol === "(" || isName(next));
    else if (token.symbol === "FILTER") keyword = tokens[i - 1]?.symbol === ")" && next?.symbol === "(";
    if (!keyword) tokens[i] = { ...token, kind: "name", symbol: "" };
  });
}

/** The parser's place in a text: the only state that parsing has. */
export class Cursor {
  readonly source: string;
  /** Every token, blanks and comments included. */
  readonly tokens: readonly Token[];
  /** The tokens that the grammar sees, then the end. */
  readonly #seen: readonly Token[];
  readonly #holeNumbers: ReadonlyMap<Span, number>;
  #at = 0;
  /** The token under the cursor. */
  token: Token;
  /** The token before it. */
  last: Token = nothing;
  /** The first problem of the statement under way. */
  problem: SyntaxProblem | undefined = undefined;
  /** How many parentheses and the like are open in the clause under way: inside, a hole cannot be a clause. */
  enclosed = 0;
  #nesting = 0;

  constructor(source: string, holes?: readonly Span[]) {
    this.source = source;
    this.tokens = tokenize(source, holes);
    const seen: Token[] = [];
    let windowWords = false;
    for (const token of this.tokens) {
      if (token.kind === "blank" || token.kind === "comment") continue;
      seen.push(token);
      if (token.kind === "keyword" && (token.symbol === "WINDOW" || token.symbol === "OVER" || token.symbol === "FILTER")) windowWords = true;
    }
    if (windowWords) resolveWindowWords(seen);
    this.#seen = seen;
    this.token = seen[0] ?? nothing;
    const numbers = new Map<Span, number>();
    if (holes !== undefined && holes.length > 0) {
      for (const token of this.tokens) for (const hole of token.holes) numbers.set(hole, numbers.size);
    }
    this.#holeNumbers = numbers;
  }

  get position(): number {
    return this.#at;
  }

  /** The token some places after the current one; the end stays the end. */
  peek(distance = 1): Token {
    return this.#seen[this.#at + distance] ?? this.#seen.at(-1) ?? nothing;
  }

  /** Steps over the current token and returns it. The end is never stepped over. */
  advance(): Token {
    const token = this.token;
    if (token.kind === "end") return token;
    this.last = token;
    this.token = this.#seen[++this.#at] ?? nothing;
    return token;
  }

  is(symbol: string): boolean {
    return this.token.symbol === symbol;
  }

  /** Steps over a keyword or operator if it is the current token. */
  accept(symbol: string): Token | undefined {
    return this.token.symbol === symbol ? this.advance() : undefined;
  }

  /** Steps over a keyword or operator, or says that the current token is an error. */
  expect(symbol: string): Token | undefined {
    if (this.token.symbol === symbol) return this.advance();
    this.fail();
    return undefined;
  }

  /** From a token or span to the last token stepped over (or to another one); empty if `first` was not stepped over. */
  spanFrom(first: Span, last: Span = this.last): Span {
    return { start: Math.min(first.start, last.end), end: last.end };
  }

  /** A plain copy of a token's place, fit for a node. */
  spanOf(token: Span): Span {
    return { start: token.start, end: token.end };
  }

  /** The words SQLite would use if it could not go on at a token. */
  messageAt(token: Token): string {
    if (token.kind === "end") return "incomplete input";
    const text = this.source.slice(token.start, token.end);
    return token.kind === "illegal" ? `unrecognized token: "${text}"` : `near "${text}": syntax error`;
  }

  /** Notes that the current token is an error, and returns a node for what is missing before it. */
  fail(): ErrorNode {
    const message = this.messageAt(this.token);
    this.complain(this.spanOf(this.token), message);
    return { kind: "ErrorNode", span: { start: this.last.end, end: this.last.end }, message };
  }

  /** Notes a problem; the first of a statement is kept. */
  complain(span: Span, message: string): void {
    this.problem ??= { span, message };
  }

  /** Takes away the problem of the statement that ended, so that the next one starts clean. */
  takeProblem(): SyntaxProblem | undefined {
    const problem = this.problem;
    this.problem = undefined;
    return problem;
  }

  /**
   * Says that the parser goes a level deeper. When that is too deep the problem is noted and the answer is false: then
   * the caller must not go on, nor call `leave`.
   */
  enter(cost: number): boolean {
    if (this.#nesting + cost > nestingBudget) {
      this.complain(this.spanOf(this.token), "Expression tree is too large (maximum depth 1000)");
      return false;
    }
    this.#nesting += cost;
    return true;
  }

  /** Takes back an `enter`. */
  leave(cost: number): void {
    this.#nesting -= cost;
  }

  /** Steps over a hole. */
  hole(): Hole {
    const token = this.advance();
    return this.#holeAt(token, token.holes);
  }

  /** The nodes of the holes glued into a token. */
  holesIn(token: Token): readonly Hole[] {
    return token.holes.length === 0 ? none : token.holes.map((hole) => this.#holeAt(hole, [hole]));
  }

  #holeAt(span: Span, holes: readonly Span[]): Hole {
    const first = holes[0];
    return {
      kind: "Hole",
      span: { start: span.start, end: span.end },
      index: (first === undefined ? undefined : this.#holeNumbers.get(first)) ?? 0,
      count: holes.length,
    };
  }
}

/** An empty list to share. */
export const none: readonly never[] = [];

/** A bare or quoted identifier, or a keyword that may stand for one (parse.y's ID after fallback). */
export function isId(token: Token): boolean {
  return token.kind === "name" || token.kind === "quoted" || (token.kind === "keyword" && isNameable(token.symbol));
}

/** parse.y's idj: what may name a column or function in an expression. */
export function isIdj(token: Token): boolean {
  return isId(token) || (token.kind === "keyword" && (token.symbol === "INDEXED" || isJoinWord(token.symbol)));
}

/** parse.y's ids: what may be a bare alias, part of a type, or a collation. */
export function isIds(token: Token): boolean {
  return isId(token) || token.kind === "string";
}

/** parse.y's nm, or a hole in its place. */
export function isName(token: Token): boolean {
  return isIdj(token) || token.kind === "string" || token.kind === "hole";
}
