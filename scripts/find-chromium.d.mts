/** The Chromium that the end-to-end tests drive: $CUTOVER_CHROMIUM, else the machine's own; `undefined` when there is none. */
export function findChromium(): string | undefined;
