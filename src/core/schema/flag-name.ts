/** Words that make a name a question with the answer yes or no. */
const prefixes = /^(?:is|are|has|have|can|should|was|were|did|does|needs?|uses?|allows?|enables?|disables?|shows?|hides?|auto|on|no)_\w/i;
const camelPrefixes = /^(?:is|has|can|should|was|needs|use|allow|enable|disable|show|hide)[A-Z]/;
const suffixes = /_(?:enabled|disabled|flag|active|deleted|archived|visible|hidden|verified|required|allowed)$/i;

/** Words that are flags only when they are the whole name: `tests_failed` counts, `failed` answers. */
const whole =
  /^(?:active|inactive|enabled|disabled|deleted|archived|processed|completed?|done|success|successful|succeeded|failed|passed|paused|visible|hidden|public|private|verified|confirmed|approved|resolved|required|optional|published|locked|blocked|pinned|starred|featured|important|admin|seen|sent|default|available|valid|flag)$/i;

/** Whether a column's name says that its 0 and 1 mean no and yes: `surely` by its form, `maybe` by a word that could also count. */
export function flagName(name: string): "surely" | "maybe" | "no" {
  if (prefixes.test(name) || camelPrefixes.test(name) || suffixes.test(name)) return "surely";
  return whole.test(name) ? "maybe" : "no";
}
