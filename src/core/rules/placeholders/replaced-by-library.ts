import type { Site } from "#core/hosts/site.ts";

/** Methods that replace placeholders themselves, or need them as they are: sqlx's named ones and its In and Rebind, gorm's Raw. */
const goMethods = /^(?:NamedExec|NamedQuery|NamedExecContext|PrepareNamed|BindNamed|Rebind|In|Raw)$/;
/** Rails, query builders, and Spring's templates, which read `?` and `:name` themselves. */
const libraries: ReadonlySet<string> = new Set(["active-record", "query-builder", "spring-jdbc"]);

/** Whether the library that a site's text is handed to writes the placeholders itself, so that they stay as they are. */
export function replacedByLibrary({ language, call }: Site): boolean {
  return (call !== undefined && libraries.has(call.library)) || (language === "go" && call !== undefined && goMethods.test(call.method));
}
