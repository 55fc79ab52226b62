import { CutoverError } from "#core/cutover-error.ts";
import { type AdapterProject, type GeneratedFile, generatedMark, type Helper } from "./adapter-project.ts";
import { compatSql } from "./compat-sql.ts";
import { pythonFunction, type PythonFunction, pythonModule, type PythonItem } from "./python-module.ts";
import { dialectValues } from "./dialect-values.ts";
import { fillTemplate, readTemplate } from "./templates.ts";

const mark = `# ${generatedMark} adapter\`: written over when it is run again.\n`;

/** The Python package and the helper's replacement. Pure but for reading templates. @throws CutoverError `usage` for a helper that cannot be taken apart */
export function planPython(project: AdapterProject): GeneratedFile[] {
  const folder = project.importRoot === "" ? project.packageName : `${project.importRoot}/${project.packageName}`;
  const helper = project.helper === undefined ? undefined : takeApart(project.helper, project);
  const settings = {
    driver: JSON.stringify(project.driver === "pg" ? "psycopg2" : project.driver),
    database: JSON.stringify(project.database),
    user: JSON.stringify(project.user),
    rowFactory: helper?.rowFactory ?? "sqlite3.Row",
    ...dialectValues(project),
    placeholder: JSON.stringify(project.dialect === "sqlite" ? "?" : "%s"),
    parameterPattern: project.dialect === "sqlite" ? "\\?\\d* | [:@$](?=[^\\W\\d])\\w+ | \\$\\d+" : "\\x02[^\\x03]*\\x03",
    isolationLevel: helper?.autocommit === true ? "None" : '""',
  };
  const plain: readonly [name: string, reason: string][] = [
    ["__init__.py", "the package's names: get_adapter, by_engine, reset_adapter"],
    ["connection.py", "the interface that both adapters have"],
    ["factory.py", "chooses the adapter by DB_TYPE"],
    ["postgres_adapter.py", "PostgreSQL: the pool and its settings"],
    ["postgres_connection.py", "PostgreSQL with sqlite3's manners"],
    ["postgres_driver.py", "psycopg2 and psycopg behind one face"],
    ["postgres_errors.py", "PostgreSQL's errors as sqlite3's"],
    ["sqlite_sql.py", "reads SQLite's statements for PostgreSQL"],
  ];
  const create = (name: string, content: string, reason: string): GeneratedFile => ({ path: `${folder}/${name}`, content, kind: "create", reason });
  const files = plain.map(([name, reason]) => create(name, mark + fillTemplate(readTemplate(`python/${name}`), settings), reason));
  files.push(create("sqlite_adapter.py", sqliteAdapter(project, helper), "SQLite, opened as the project's helper opened it"));
  files.push(create("postgres_compat.sql", `-- ${generatedMark} adapter\`.\n${compatSql()}`, "SQLite's functions for PostgreSQL"));
  if (project.helper !== undefined && helper !== undefined) {
    files.push({
      path: project.helper.file,
      content: wrapper(project, helper),
      kind: "replace",
      reason: `${project.helper.name}() hands on to the adapter; its SQLite code is in ${folder}/sqlite_adapter.py now`,
    });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface PythonHelper {
  readonly name: string;
  readonly style: "context" | "returns";
  readonly definition: PythonFunction;
  readonly imports: readonly PythonItem[];
  readonly others: readonly PythonItem[];
  /** The parameter that names the database file. */
  readonly path: string | undefined;
  readonly rowFactory: string;
  readonly autocommit: boolean;
}

function takeApart(helper: Helper, project: AdapterProject): PythonHelper {
  const items = pythonModule(helper.text);
  const found = items.find((each) => each.kind === "function" && each.names.includes(helper.name));
  const definition = found === undefined ? undefined : pythonFunction(found.text);
  if (found === undefined || definition === undefined) {
    throw new CutoverError({
      tag: "usage",
      what: `${helper.name} is not a function of the module's top level`,
      where: helper.file,
      next: "Name the function that opens the database, or generate the adapter without a helper.",
    });
  }
  const factory = /\.row_factory\s*=\s*([\w.]+)/.exec(found.text)?.[1] ?? "None";
  const others = items.filter((each) => each !== found && each.kind !== "import" && each.kind !== "docstring");
  const local = others.some((each) => each.names.includes(factory));
  const path = definition.parameters.find((each) => each.kind === "plain" && /path|file|database|db/i.test(each.name));
  return {
    name: helper.name,
    style: helper.style === "returns" ? "returns" : "context",
    definition,
    imports: items.filter((each) => each.kind === "import").map((each) => absoluteImport(each, helper, project)),
    others,
    path: path?.name,
    rowFactory: local ? `__import__(f"{__package__}.sqlite_adapter", fromlist=["${factory}"]).${factory}` : factory,
    autocommit: /isolation_level\s*=\s*None|autocommit\s*=\s*True/.test(found.text),
  };
}

/** The moved code stands in another package: `from .config import X` names its old package in full. */
function absoluteImport(each: PythonItem, helper: Helper, project: AdapterProject): PythonItem {
  const inner = project.importRoot === "" ? helper.file : helper.file.slice(project.importRoot.length + 1);
  const packages = inner.split("/").slice(0, -1);
  return {
    ...each,
    text: each.text.replace(/^from\s+(\.+)(\w[\w.]*)?/m, (_all, dots: string, rest: string | undefined) => {
      const base = packages.slice(0, packages.length - (dots.length - 1));
      return `from ${[...base, ...(rest === undefined ? [] : [rest])].join(".") || "."}`;
    }),
  };
}

function sqliteAdapter(project: AdapterProject, helper: PythonHelper | undefined): string {
  const context = helper?.style !== "returns";
  const own = helper === undefined ? ["import sqlite3", "import time"] : helper.imports.map((each) => each.text.replace(/^\n+/, "").trimEnd());
  const bound = new Set(helper?.imports.flatMap((each) => each.names) ?? []);
  const needed: readonly [name: string, statement: string][] = [
    ["os", "import os"],
    ["contextmanager", "from contextlib import contextmanager"],
    ["Any", "from typing import Any"],
    ["Generator", "from typing import Generator"],
  ];
  const imports = [...own, ...needed.filter(([name]) => !bound.has(name)).map(([, statement]) => statement)];
  const isFuture = (line: string): boolean => line.startsWith("from __future__");
  const ordered = [...imports.filter(isFuture), ...imports.filter((line) => !isFuture(line))];
  const code =
    helper === undefined
      ? fillTemplate(readTemplate("python/sqlite_open.py"), { dbPathDefault: JSON.stringify(project.dbPathDefault) }).trimEnd()
      : [
          ...helper.others.map((each) => each.text),
          helper.definition.before + helper.definition.signature.replace(/def\s+\w+/, "def open_connection") + helper.definition.body,
        ]
          .map((text) => text.replace(/^\n+/, "").trimEnd())
          .join("\n\n\n");
  const path = helper === undefined ? "db_path" : helper.path;
  const template = readTemplate("python/sqlite_adapter.py");
  const filled = fillTemplate(template.replaceAll('"#{pathParameter}"', path === undefined ? "None" : `"${path}"`), {
    imports: ordered.join("\n"),
    helper: code,
    methods: readTemplate(context ? "python/sqlite_methods_context.py" : "python/sqlite_methods_returns.py").trim(),
  });
  return mark + filled;
}

function wrapper(project: AdapterProject, helper: PythonHelper): string {
  const { definition } = helper;
  const decorators = definition.before.split("\n").filter((line) => line.startsWith("@"));
  const known = helper.others.flatMap((each) => each.names);
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(definition.signature);
  const kept = helper.imports.filter((each) => each.names.some(used) || each.text.includes("__future__")).map((each) => importOnly(each, used));
  const bound = new Set(kept.flatMap((each) => each.names));
  const imports = [
    ...kept.map((each) => each.text.trim()),
    "import warnings",
    ...(helper.style === "context" && !bound.has("contextmanager") ? ["from contextlib import contextmanager"] : []),
    "",
    `from ${project.packageName}.factory import get_adapter`,
    ...(known.length > 0 ? [`from ${project.packageName}.sqlite_adapter import ${[...new Set(known)].join(", ")}  # noqa: F401`] : []),
  ];
  const passed = definition.parameters
    .map((each) => (each.kind === "plain" ? `${each.name}=${each.name}` : each.kind === "args" ? `*${each.name}` : `**${each.name}`))
    .join(", ");
  const body =
    helper.style === "context"
      ? `with get_adapter().get_connection(${passed}) as conn:\n        yield conn`
      : `return get_adapter().connect(${passed})`;
  return (
    mark +
    fillTemplate(readTemplate("python/wrapper.py"), {
      package: project.packageName,
      name: helper.name,
      imports: imports.join("\n"),
      // From warn() to the caller: _warn, the function, and contextlib's __next__ and __enter__ for a context manager.
      stacklevel: helper.style === "context" ? "4" : "3",
      decorator: decorators.length > 0 ? decorators.join("\n") : "",
      signature: definition.signature,
      body,
    }).replace(/\n\n\n\n+/g, "\n\n\n")
  );
}

/** An import cut down to the names in use, where it is a plain `from … import a, b`. */
function importOnly(each: PythonItem, used: (name: string) => boolean): PythonItem {
  const from = /^\s*(?:#.*\n\s*)*from\s+(\S+)\s+import\s/.exec(each.text);
  if (from?.[1] === undefined || from[1] === "__future__" || / as /.test(each.text)) return each;
  const names = each.names.filter(used);
  return { ...each, names, text: `from ${from[1]} import ${names.join(", ")}` };
}
