/** The first wait and the longest, in milliseconds. */
const shortest = 500;
const longest = 15_000;

/**
 * The waits before each further try, in milliseconds: each twice the one before, up to a limit, a quarter more or less by chance, so that many who lost the
 * same server do not come back at the same moment. Together they are about `seconds` long; none for 0.
 */
export function backOff(seconds: number, random: () => number = Math.random): number[] {
  const waits: number[] = [];
  for (let wait = shortest, left = seconds * 1000; left > 0; wait = Math.min(wait * 2, longest)) {
    const next = Math.min(wait, left);
    waits.push(Math.round(next * (0.75 + random() / 2)));
    left -= next;
  }
  return waits;
}
