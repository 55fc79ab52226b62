import type { Edit } from "#core/text/edit.ts";

/** Letters, digits and what else a word of SQL is made of: two of them side by side are one word. */
const word = /[\w$\u0080-\uffff]/;

/**
 * Keeps the words of an edit apart from those beside it: `WHERE(x)LIKE y` needs no blank before its parenthesis, but
 * `like(y, (x))` in that place does.
 */
export function apart(text: string, { span, newText }: Edit): Edit {
  const before = text.charAt(span.start - 1);
  const after = text.charAt(span.end);
  if (newText === "") return { span, newText: span.end > span.start && word.test(before) && word.test(after) ? " " : "" };
  const first = word.test(before) && word.test(newText.charAt(0)) ? " " : "";
  const last = word.test(newText.charAt(newText.length - 1)) && word.test(after) ? " " : "";
  return { span, newText: first + newText + last };
}
