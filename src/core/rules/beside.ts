import type { Site } from "#core/hosts/site.ts";
import { parseFragment } from "#core/sql/parse.ts";
import type { DeleteStatement, FromClause, SelectCore, Statement, UpdateStatement } from "#core/sql/nodes.ts";
import { walk } from "#core/sql/walk.ts";

/** What names the tables of a part of a statement: the FROM clause, or the change, in another part of it. */
export type Beside = { readonly from: FromClause; readonly core: SelectCore | undefined } | { readonly change: UpdateStatement | DeleteStatement };

/** What the texts beside a part name, one for each text that names any. */
export function besideOf({ beside }: Pick<Site, "beside">): readonly Beside[] {
  return (beside ?? []).flatMap(({ text, holes }) => {
    const found = namedIn(parseFragment(text, { holes: [...holes] }));
    return found === undefined ? [] : [found];
  });
}

/** The outermost FROM clause or change of a text. */
function namedIn(statement: Statement): Beside | undefined {
  let found: Beside | undefined;
  walk(statement, {
    enter(node, ancestors) {
      if (found !== undefined || node.kind === "Subquery" || node.kind === "CommonTable") return "skip";
      if (node.kind === "FromClause") {
        const core = ancestors.at(-1);
        found = { from: node, core: core?.kind === "SelectCore" ? core : undefined };
      } else if (node.kind === "UpdateStatement" || node.kind === "DeleteStatement") found = { change: node };
      return undefined;
    },
  });
  return found;
}
