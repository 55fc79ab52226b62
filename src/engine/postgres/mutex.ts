import { deferred } from "./deferred.ts";

/** Lets one caller in after the other, in the order in which they came. */
export interface Mutex {
  /** Waits for the turn; the caller must call the function it gets, once. */
  readonly lock: () => Promise<() => void>;
  /** Runs work within a turn. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
}

export function makeMutex(): Mutex {
  let last: Promise<void> = Promise.resolve();
  const lock = async (): Promise<() => void> => {
    const before = last;
    const { promise, resolve } = deferred<undefined>();
    last = promise;
    await before;
    return () => {
      resolve(undefined);
    };
  };
  return {
    lock,
    run: async (work) => {
      const unlock = await lock();
      try {
        return await work();
      } finally {
        unlock();
      }
    },
  };
}
