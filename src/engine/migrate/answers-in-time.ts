/** How long a pooler may take to find a process of the server, in milliseconds. */
const poolerPatience = 3000;

/** Whether an answer comes while one waits for a pooler. @throws what the answer fails with in time */
export async function answersInTime(answer: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, poolerPatience, false);
  });
  answer.catch(() => undefined); // what comes too late is nobody's any more
  try {
    return await Promise.race([answer.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
