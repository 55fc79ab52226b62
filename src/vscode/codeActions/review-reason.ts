/** Characters that a title has for the reason; the whole of it stands in the finding's message. */
const longest = 90;

/** Why a fix asks for a review, from its finding's message: what stands behind "Look at it:", else the last sentence, shortened. */
export function reviewReason(message: string): string {
  const asked = /Look at it: ([^]+)$/.exec(message)?.[1];
  const sentences = message.split(/(?<=[.;])\s+/);
  const reason = (asked ?? sentences.at(-1) ?? message).replace(/\s+/g, " ").replace(/\.$/, "");
  if (reason.length <= longest) return reason;
  return `${reason.slice(0, longest - 1).replace(/\s+\S*$/, "")}…`;
}
