/** What stands in the place of a secret. */
const hidden = "***";

/**
 * Takes passwords out of text that people will read: of connection URLs wherever they stand in it (`user:password@`,
 * `?password=…`, `?sslpassword=…`) and of libpq's `password=…` words. What is no secret stays as it is.
 */
export function redact(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^/?#\s]*)@/gi, (_, scheme: string, userInfo: string) => {
      const colon = userInfo.indexOf(":");
      return `${scheme}${colon === -1 ? userInfo : `${userInfo.slice(0, colon)}:${hidden}`}@`;
    })
    .replace(/\b(password|sslpassword|passwd|pgpassword)(\s*=\s*)('(?:[^'\\]|\\.)*'|[^&\s'#]+)/gi, (_, word: string, equals: string) => `${word}${equals}${hidden}`);
}

/** {@link redact}, and every occurrence of the given secrets themselves, plain or percent-encoded. Empty secrets are ignored. */
export function redactSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  let result = redact(text);
  for (const secret of secrets) {
    if (secret === undefined || secret === "") continue;
    for (const form of new Set([secret, encodeURIComponent(secret)])) result = result.replaceAll(form, hidden);
  }
  return result;
}

/**
 * {@link redact} for one URL that may not be one: everything between the user's colon and the last `@` counts as the password, so that none with
 * a `/`, `?` or `#` in it gets through.
 */
export function redactUrl(url: string): string {
  const [, scheme, user, rest] = /^([a-z][a-z0-9+.-]*:\/\/)([^:@/?#]*):.*@([^@]*)$/is.exec(url) ?? [];
  return redact(scheme === undefined ? url : `${scheme}${user ?? ""}:${hidden}@${rest ?? ""}`);
}
