import type { Catalog } from "./catalog.ts";
import type { DdlContext } from "./column-scope.ts";
import type { PlannedObject, ReportedObject } from "./plan.ts";
import { sourceKey } from "./source-objects.ts";

/** What the planning of views needs; `objects` and `reported` are added to. */
export interface ViewPlanning {
  readonly catalog: Catalog;
  readonly ddl: DdlContext;
  /** A relation's name in PostgreSQL as DDL writes it. */
  readonly qualified: (name: string) => string;
  readonly objects: PlannedObject[];
  readonly reported: ReportedObject[];
}

/** Plans every view, those that others use before them. */
export function planViews(planning: ViewPlanning): void {
  for (const view of planning.catalog.views) {
    planning.reported.push({ kind: "view", name: view.name, table: undefined, outcome: "left-out", reason: "not yet", source: sourceKey("view", view.name) });
  }
}
