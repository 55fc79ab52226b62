import type { UseContext } from "../rule.ts";

/** The language of the generated adapter that a file's code can go through: there is one for Python and one for TypeScript. */
export function adapterLanguage({ language }: Pick<UseContext, "language">): "python" | "typescript" | undefined {
  switch (language) {
    case "python":
      return "python";
    case "typescript":
    case "tsx":
    case "javascript":
      return "typescript";
    case "go":
    case "java":
    case "csharp":
    case "php":
    case "rust":
    case "ruby":
    case "sql":
      return undefined;
  }
}

/** The same, where the code keeps running on both engines; in mode `postgres` the PostgreSQL library's own way is wanted. */
export function suppliedBy(context: UseContext): "python" | "typescript" | undefined {
  return context.mode === "both" ? adapterLanguage(context) : undefined;
}
