import type { TestContext } from "node:test";
import type { CodeWindow } from "./code-window.ts";

/**
 * A test's steps in one window: each is a subtest with its name, and leaves a picture of how the window looks after it,
 * or of how it looked when it failed. The steps after a failed one are skipped: the window is not as they expect it.
 */
export function stepsIn(t: TestContext, window: CodeWindow): (name: string, body: () => Promise<void>) => Promise<void> {
  let failed: string | undefined;
  return async (name, body) => {
    await t.test(name, { skip: failed === undefined ? false : `"${failed}" failed` }, async () => {
      try {
        await body();
      } catch (error) {
        failed = name;
        await window.reportFailure(name);
        throw error;
      }
      await window.screenshot(name);
    });
  };
}
