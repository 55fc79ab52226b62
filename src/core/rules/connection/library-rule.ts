import type { HostUse } from "#core/hosts/site.ts";
import type { RuleMeta, UseContext, UseFinding, UseRule } from "../rule.ts";

/** What a rule says of one use; nothing where it is no matter for PostgreSQL. */
export type UseAdvice = Omit<UseFinding, "span"> | undefined;

/** A rule about uses of one kind. */
export function libraryRule(meta: RuleMeta, kind: HostUse["kind"], advise: (use: HostUse, context: UseContext) => UseAdvice): UseRule {
  return {
    meta,
    checkUse(use, context) {
      const advice = use.kind === kind ? advise(use, context) : undefined;
      return advice === undefined ? undefined : { span: use.span, ...advice };
    },
  };
}
