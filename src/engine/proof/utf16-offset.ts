/** The place in a text, in UTF-16 code units, of PostgreSQL's 1-based position in code points; past the end it is the end. */
export function utf16Offset(text: string, position: number): number {
  let offset = 0;
  for (let n = 1; n < position && offset < text.length; n++) offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}
