import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run-paths.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly title: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>>;
  };
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));
const manifest = read("package.json") as Manifest;
const words = read("package.nls.json") as Readonly<Record<string, string>>;

/** What a person sees where package.json has a `%key%`. */
function shown(text: string): string {
  const key = /^%(.+)%$/.exec(text)?.[1];
  return key === undefined ? text : found(words[key], `package.nls.json has no "${key}"`);
}

/** A command as the palette lists it, `Category: Title`. */
export function commandLabel(id: string): string {
  const { category, title } = found(manifest.contributes.commands.find(({ command }) => command === id), `package.json has no command ${id}`);
  return `${shown(category)}: ${shown(title)}`;
}

/** The names of a view and of the container whose icon opens it. */
export function viewLabels(id: string): { readonly container: string; readonly view: string } {
  for (const { id: containerId, title } of manifest.contributes.viewsContainers.activitybar) {
    const view = manifest.contributes.views[containerId]?.find((declared) => declared.id === id);
    if (view !== undefined) return { container: shown(title), view: shown(view.name) };
  }
  throw new Error(`package.json has no view ${id} in the activity bar`);
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
