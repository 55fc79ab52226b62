import type { Services } from "../contribution.ts";
import { runTask } from "../tasks/tasks.ts";
import { pickFolder } from "./pick.ts";

/** Scans a whole folder with the command line; its findings land in the Problems panel through the problem matcher. */
export async function scanWorkspace(services: Services): Promise<void> {
  const folder = await pickFolder();
  if (folder !== undefined) await runTask(services, { verb: "scan", database: undefined, args: [] }, folder, undefined);
}
