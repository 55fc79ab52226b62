/** A piece of work that takes locks on tables. */
export interface LockingTask {
  /** What it locks. */
  readonly tables: readonly string[];
  /** Whether others of its stage may work on the same tables meanwhile, as CREATE INDEX allows and ALTER TABLE does not. */
  readonly shares: boolean;
  /** A task waits for those of earlier stages on its tables. */
  readonly stage: number;
  /** The largest begin first, so that no worker is left alone with one at the end. */
  readonly weight: number;
}

/**
 * Has each worker do one task after another, so that none waits for another's lock and none can wait for each other. After a failure no task is
 * begun; those under way end, and the first failure comes out.
 */
export async function inParallel<Task extends LockingTask, Worker>(workers: readonly Worker[], tasks: readonly Task[], work: (worker: Worker, task: Task) => Promise<void>): Promise<void> {
  const waiting = [...tasks].sort((a, b) => b.weight - a.weight);
  const running = new Set<Task>();
  let wake: (() => void)[] = [];
  let failed = false;

  const collide = (a: Task, b: Task): boolean => a.tables.some((table) => b.tables.includes(table));
  const mayBegin = (task: Task): boolean => {
    for (const other of running) if (collide(task, other) && !(task.shares && other.shares && task.stage === other.stage)) return false;
    return !waiting.some((other) => other.stage < task.stage && collide(task, other));
  };
  const next = async (): Promise<Task | undefined> => {
    while (!failed && waiting.length > 0) {
      const task = waiting.find(mayBegin);
      if (task !== undefined) {
        waiting.splice(waiting.indexOf(task), 1);
        // At once: who asks next must see it.
        running.add(task);
        return task;
      }
      await new Promise<void>((resolve) => wake.push(resolve));
    }
    return undefined;
  };
  const results = await Promise.allSettled(
    workers.map(async (worker) => {
      for (let task = await next(); task !== undefined; task = await next()) {
        try {
          await work(worker, task);
        } catch (cause) {
          failed = true;
          throw cause;
        } finally {
          running.delete(task);
          const woken = wake;
          wake = [];
          for (const resolve of woken) resolve();
        }
      }
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
