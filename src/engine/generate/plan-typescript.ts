import type { AdapterProject, GeneratedFile } from "./adapter-project.ts";
export function planTypescript(project: AdapterProject): GeneratedFile[] {
  return project.language === "typescript" ? [] : [];
}
