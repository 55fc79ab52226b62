/** The first executable file of one of these names on PATH and in the usual system folders; `undefined` when there is none. */
export function findOnPath(names: readonly string[]): string | undefined;
