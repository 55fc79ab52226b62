import type { RuleMeta } from "#core/rules/rule.ts";

/** A rule's page in docs/rules, in Markdown. */
export function rulePage({ id, family, title, doc }: RuleMeta): string {
  return `# ${title}

\`${id}\`, family ${family}

## What it does
${doc.what}

## Why it is bad
${doc.why}

## Example
\`\`\`
${doc.example}
\`\`\`

## Use instead
In mode \`both\`:
\`\`\`
${doc.useInstead.both}
\`\`\`
In mode \`postgres\`:
\`\`\`
${doc.useInstead.postgres}
\`\`\`

## Fix safety
${doc.fixSafety}
`;
}

/** The list of rules, for docs/rules/README.md. */
export function ruleIndex(rules: readonly RuleMeta[]): string {
  const rows = rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.family} | ${rule.title} |`);
  return `# Rules\n\nThese pages come out of the rules' own files: \`npm run docs\`.\n\n| rule | family | finds |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}
