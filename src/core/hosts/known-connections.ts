/** What a connection, a transaction on it or the driver itself is called. */
const called = /db|database|conn|sqlite|^\W*(?:con|cx|cnx|pdo|handle|tx|txn|transaction)\d*$/i;

/** Calls that open a database, as they stand in code. */
const opening = String.raw`(?:\b(?:sqlite3?|\w*sqlite\w*|dbapi2?|apsw|aiosqlite)\.(?:connect|Connection|open|Open|Conn)\s*\(|\bnew\s+\\?(?:[\w.]+\.)?(?:Database|DatabaseSync|S(?:QL|ql)ite\w*|PDO)\b|\bConnection::open|\bSQLite3::Database\.(?:new|open)|\bsqlx?\.Open\s*\(|\bDriverManager\.getConnection)`;

/** `x = sqlite3.connect(…)`, `let x = Connection::open(…)`. */
const assigned = new RegExp(String.raw`([\w$]+)\s*(?::\s*[\w.<>|\s]+)?(?:,\s*\w+\s*)?:?=\s*(?:await\s+)?${opening}`, "g");
/** `with sqlite3.connect(…) as x` */
const managed = new RegExp(String.raw`${opening}[^\n]*?\)\s+as\s+(\w+)`, "g");
/** `x: sqlite3.Connection`, `x: &Connection`, `x *sqlite3.SQLiteConn` */
const typedBehind = /(\w+)(?:\s*:\s*|\s+)[&*]?(?:mut\s+)?["']?(?:\w+(?:\.|::))*(?:SQLiteConn|sqlite3\.Connection|aiosqlite\.Connection|rusqlite::Connection|Connection|Transaction|DatabaseSync|BetterSqlite3\.Database)\b/g;
/** `SqliteConnection x`, `SQLite3 $x` */
const typedBefore = /\bS(?:QL|ql)ite(?:3|Connection|Database)\s+\$?(\w+)/g;
/** `import sqlite3 as x` */
const renamed = /\bimport\s+\w*sqlite\w*\s+as\s+(\w+)/g;
/** A class that is a connection itself. */
const derived = /\bclass\s+\w+\s*(?:\((?:\w+\.)*Connection\)|extends\s+\\?(?:SQLite3|PDO|Database|DatabaseSync)\b|<\s*(?:::)?SQLite3::Database|:\s*S(?:QL|ql)iteConnection)/;

/**
 * Tells of what a method is called on whether it is a connection to SQLite: a name that the file gives to one, or that says so.
 * An application's own methods may be called like a driver's (`node.backup(file)`).
 */
export function knownConnections(source: string): (receiver: string) => boolean {
  let known: ReadonlySet<string> | undefined;
  const own = (): ReadonlySet<string> => new Set([assigned, managed, typedBehind, typedBefore, renamed].flatMap((pattern) => [...source.matchAll(pattern)].map((match) => (match[1] ?? "").replace(/^\W+/, ""))));
  return (receiver) => {
    if (called.test(receiver)) return true;
    if (/^\W*(?:self|this)$/.test(receiver)) return derived.test(source);
    known ??= own();
    return known.has(receiver.replace(/^\W+/, ""));
  };
}
