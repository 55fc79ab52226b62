import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks until the answer is the one that was waited for; that answer.
 *
 * @param what what is waited for, for the error
 * @param timeout in milliseconds
 * @throws when it does not come; the message holds the last answer
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
  timeout = 40_000,
): Promise<T> {
  const patience = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > patience) {
      const last = typeof answer === "string" ? answer : JSON.stringify(answer, null, 2);
      throw new Error(`Not within ${timeout / 1000} s: ${what}. The last answer was:\n${last}`);
    }
    await delay(100);
  }
}
