import type { Check } from "./check.ts";
import { activatesLightly } from "./checks/activates-lightly.ts";
import { fixesAll } from "./checks/fixes-all.ts";
import { registersCommands } from "./checks/registers-commands.ts";

/** Every check, in the order in which they run. The first one needs the product as it is before anything has used it. */
export const checks: readonly Check[] = [activatesLightly, registersCommands, fixesAll];
