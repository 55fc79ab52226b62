/** Levels of arrays and objects within each other that are kept as jsonb; where the server's own stack ends depends on its settings. */
export const deepestJson = 1000;

/**
 * Whether jsonb keeps what a JSON text says: no key twice in one object (jsonb keeps the last), no `\u0000` and no lone
 * surrogate (jsonb refuses them), no exponent beyond what numeric holds, no more than {@link deepestJson} levels. Order of keys and blanks are not meaning.
 * The text must be valid JSON.
 * @see https://www.postgresql.org/docs/current/datatype-json.html
 */
export function jsonFaithful(text: string): boolean {
  /** For each open container its keys so far, undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let expectKey = false;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const end = endOfString(text, i);
        const raw = text.slice(i + 1, end);
        if (raw.includes("\\u") && !keepsCharacters(raw)) return false;
        const keys = open.at(-1);
        if (expectKey && keys !== undefined) {
          const key = raw.includes("\\") ? unescaped(raw) : raw;
          if (keys.has(key)) return false;
          keys.add(key);
          expectKey = false;
        }
        i = end;
        break;
      }
      case 0x7b: // {
        open.push(new Set());
        if (open.length > deepestJson) return false;
        expectKey = true;
        break;
      case 0x5b: // [
        open.push(undefined);
        if (open.length > deepestJson) return false;
        expectKey = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        expectKey = false;
        break;
      case 0x2c: // ,
        expectKey = open.at(-1) !== undefined;
        break;
      case 0x65: // e
      case 0x45: // E
        // Outside of strings an e after a digit is an exponent, otherwise it belongs to true or false.
        if (/^[eE][+-]?\d{4}/.test(text.slice(i, i + 6)) && /\d/.test(text.charAt(i - 1))) return false;
        break;
      default:
        break;
    }
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  for (;;) {
    const quote = text.indexOf('"', i);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return quote;
    i = quote + 1;
  }
}

function keepsCharacters(raw: string): boolean {
  const text = unescaped(raw);
  // With the u flag a surrogate matches only when it is alone.
  return !text.includes("\0") && !/[\ud800-\udfff]/u.test(text);
}

function unescaped(raw: string): string {
  const value: unknown = JSON.parse(`"${raw}"`);
  return typeof value === "string" ? value : raw;
}
