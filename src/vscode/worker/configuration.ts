import { loadConfig } from "#engine/workspace/config.ts";
import type { Configuration, WorkerMethods } from "#protocol/worker.ts";

/** What the editor needs of cutover.json. @throws CutoverError config-invalid */
export async function configuration({ root }: WorkerMethods["configuration"]["request"]): Promise<Configuration> {
  const { present, databases } = await loadConfig(root);
  return { present, databases: databases.map(({ name, source, target }) => ({ name, source, target })) };
}
