import { CutoverError } from "#core/cutover-error.ts";
import { type AdapterProject, type GeneratedFile, generatedMark, type Helper } from "./adapter-project.ts";
import { compatSql } from "./compat-sql.ts";
import { dialectValues } from "./dialect-values.ts";
import { fillTemplate, readTemplate } from "./templates.ts";
import { type TypescriptItem, typescriptModule } from "./typescript-module.ts";

const mark = `// ${generatedMark} adapter\`: written over when it is run again.\n`;

/**
 * The TypeScript adapter and the helper's replacement. Pure but for reading templates.
 * @throws CutoverError `usage` where there is no helper, or one that calls of PostgreSQL, which are asynchronous, cannot stand behind
 */
export function planTypescript(project: AdapterProject): GeneratedFile[] {
  const { helper: found } = project;
  if (found === undefined) {
    throw new CutoverError({
      tag: "usage",
      what: "No function of the project opens SQLite, so there is none that an adapter could stand behind",
      next: "Put the opening of the database into one exported async function that calls back with a connection, and call it everywhere.",
    });
  }
  const helper = takeApart(found);
  const folder = project.importRoot === "" ? project.packageName : `${project.importRoot}/${project.packageName}`;
  const node = found.sqliteLibrary === "node:sqlite";
  const values = {
    ending: project.importEnding,
    ...dialectValues(project),
    database: JSON.stringify(project.database),
    user: JSON.stringify(project.user),
    connectionType: helper.connectionType,
    valueType: helper.valueType ?? "unknown",
    adapterTypes: [...new Set([helper.connectionType, ...(helper.valueType === undefined ? [] : [helper.valueType])])].sort().join(", "),
    // As the library makes its rows and blobs.
    rowObject: node ? "Object.create(null)" : "{}",
    bytes: node ? 'new Uint8Array(Buffer.from(text.slice(2), "hex"))' : 'Buffer.from(text.slice(2), "hex")',
    errorCode: node ? '"ERR_SQLITE_ERROR"' : "name",
    transactionWords: helper.transaction ? "inside a transaction, which is committed when it succeeds and rolled back when it throws" : "on which every statement stands for itself",
    work: helper.transaction
      ? ['await connection.exec("BEGIN");', "const result = await work(connection);", 'await connection.exec("COMMIT");', "return result;"].join("\n      ")
      : "return await work(connection);",
  };
  const file = (name: string, reason: string, more: Readonly<Record<string, string>> = {}): GeneratedFile => ({
    path: `${folder}/${name}`,
    content: mark + fillTemplate(readTemplate(`typescript/${name}.template`), { ...values, ...more }),
    kind: "create",
    reason,
  });
  const files: GeneratedFile[] = [
    file("index.ts", "the adapter's names: getAdapter, byEngine, resetAdapter"),
    file("connection.ts", "the interface that both adapters have"),
    file("factory.ts", "chooses the adapter by DB_TYPE"),
    file("postgres-adapter.ts", "PostgreSQL: the pool and its settings"),
    file("postgres-connection.ts", "PostgreSQL with the manners of the project's SQLite connection"),
    file("postgres-errors.ts", "PostgreSQL's errors as SQLite's"),
    file("sqlite-sql.ts", "reads SQLite's statements for PostgreSQL"),
    file("sqlite-adapter.ts", "SQLite, opened as the project's helper opened it", { imports: helper.imports, helper: helper.code }),
    { path: `${folder}/postgres-compat.ts`, content: mark + compatModule(compatSql()), kind: "create", reason: "SQLite's functions for PostgreSQL" },
    { path: found.file, content: wrapper(found, helper, project), kind: "replace", reason: `${found.name}() hands on to the adapter; its SQLite code is in ${folder}/sqlite-adapter.ts now` },
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface TypescriptHelper {
  readonly imports: string;
  /** The module's other statements and the function, under its new name. */
  readonly code: string;
  readonly others: readonly TypescriptItem[];
  /** Up to the body's brace, with the function's own name. */
  readonly signature: string;
  /** The parameter that is called back. */
  readonly argument: string;
  readonly connectionType: string;
  readonly valueType: string | undefined;
  readonly transaction: boolean;
}

function takeApart(helper: Helper): TypescriptHelper {
  const items = typescriptModule(helper.text);
  const found = items.find((each) => each.kind === "function" && each.name === helper.name);
  const head = found === undefined ? undefined : /^(?:[^]*?\n)??(export\s+async\s+function\b[^]*?\)\s*(?::[^{]*?)?)\s*\{/.exec(found.text)?.[1];
  const callback = head === undefined ? undefined : /\(\s*(\w+)\s*:\s*\(\s*\w+\s*:\s*(\w+)\s*\)\s*=>\s*Promise</.exec(head);
  const argument = callback?.[1];
  const connectionType = callback?.[2];
  const type = items.find((each) => each.kind === "type" && each.name === connectionType);
  if (found === undefined || head === undefined || argument === undefined || connectionType === undefined || type === undefined || !/\ball\b/.test(type.text)) {
    throw new CutoverError({
      tag: "usage",
      what: `${helper.name} is not of the form that an adapter can stand behind`,
      where: helper.file,
      why: "PostgreSQL answers asynchronously, and this function hands out a connection that answers at once",
      next: "Make it `export async function NAME<T>(work: (db: Connection) => Promise<T>): Promise<T>` with an interface Connection of asynchronous all, get and run.",
    });
  }
  const others = items.filter((each) => each !== found && each.kind !== "import");
  const code = [
    ...others.map((each) => (each.kind === "type" && !each.exported ? each.text.replace(/^(?=(?:declare\s+)?(?:interface|type)\s)/m, "export ") : each.text)),
    found.text.replace(/^export\s+async\s+function\s+\w+/m, "async function openConnection"),
  ];
  return {
    imports: items
      .filter((each) => each.kind === "import")
      .map((each) => deeper(withoutHeadComment(each.text)).trim())
      .join("\n"),
    code: code.map((text) => deeper(text).replace(/^\n+/, "").trimEnd()).join("\n\n"),
    others,
    signature: head,
    argument,
    connectionType,
    valueType: /\.\.\.\w+:\s*(\w+)\[\]/.exec(type.text)?.[1],
    transaction: /\bBEGIN\b|\.transaction\(/.test(found.text),
  };
}

/** The comment that heads a file belongs to the file, not to its first import. */
function withoutHeadComment(text: string): string {
  return text.replace(/^(?:\s*\/\*[^]*?\*\/|\s*\/\/.*\n)+\s*/, "");
}

/** The moved code stands one folder deeper. */
function deeper(text: string): string {
  return text.replace(/(\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)(["'])(\.{1,2}\/)/gm, (_all, keyword: string, quote: string, path: string) => `${keyword}${quote}${path === "./" ? "../" : "../../"}`);
}

function wrapper(found: Helper, helper: TypescriptHelper, project: AdapterProject): string {
  const folder = `./${project.packageName}`;
  const from = `from "${folder}/sqlite-adapter${project.importEnding}";`;
  const types = helper.others.flatMap((each) => (each.kind === "type" && each.exported && each.name !== undefined ? [each.name] : []));
  const exported = helper.others.flatMap((each) => (each.kind !== "type" && each.exported && each.name !== undefined ? [each.name] : []));
  const used = helper.others.flatMap((each) => (each.kind === "type" && each.name !== undefined && new RegExp(`\\b${each.name}\\b`).test(helper.signature) ? [each.name] : []));
  return (
    mark +
    fillTemplate(readTemplate("typescript/wrapper.ts.template"), {
      folder,
      name: found.name,
      imports: [`import { getAdapter } from "${folder}/factory${project.importEnding}";`, ...(used.length > 0 ? [`import type { ${used.join(", ")} } ${from}`] : [])].join("\n"),
      exports: [...(types.length > 0 ? [`export type { ${types.join(", ")} } ${from}`] : []), ...(exported.length > 0 ? [`export { ${exported.join(", ")} } ${from}`] : [])].join("\n"),
      signature: helper.signature,
      argument: helper.argument,
    })
  );
}

/** The SQL as a module, so that compilers and bundlers carry it along. */
function compatModule(sql: string): string {
  const version = /COMMENT ON SCHEMA cutover IS '([^']+)'/.exec(sql)?.[1];
  if (version === undefined || sql.includes("`") || sql.includes("${")) {
    throw new CutoverError({ tag: "internal", what: "postgres_compat.sql cannot stand in a template literal", next: "Report this as a bug." });
  }
  return [
    "/** SQLite's functions for PostgreSQL, in a schema of their own. */",
    "",
    "/** The comment that the SQL puts on its schema, by which an older one is known. */",
    `export const compatVersion = "${version}";`,
    "",
    `export const compatSql = String.raw\`${sql}\`;`,
    "",
  ].join("\n");
}
