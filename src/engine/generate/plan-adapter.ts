import type { AdapterProject, GeneratedFile } from "./adapter-project.ts";
import { planPython } from "./plan-python.ts";
import { planTypescript } from "./plan-typescript.ts";

const planners: Readonly<Record<AdapterProject["language"], (project: AdapterProject) => GeneratedFile[]>> = {
  python: planPython,
  typescript: planTypescript,
};

/**
 * The files of `generate adapter` for one project, sorted by path: the adapter package and the helper's replacement.
 * Writes nothing. @throws CutoverError `usage` for a helper that cannot be replaced
 */
export function planAdapter(project: AdapterProject): GeneratedFile[] {
  return planners[project.language](project);
}
