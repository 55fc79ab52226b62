import type { BuildOptions, Metafile } from "esbuild";

export declare const external: Readonly<Record<string, readonly string[]>>;
export declare const bundles: readonly BuildOptions[];
export declare function bundledPackages(metafile: Metafile): string[];
