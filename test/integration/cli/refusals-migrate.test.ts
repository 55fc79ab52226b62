import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, connect, type Server } from "node:net";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";
import { atEnd } from "../../support/at-end.ts";
import { cli } from "../../support/cli.ts";
import { ask, stateOf } from "../../support/move.ts";
import { freePort, type TestServer } from "../../support/postgres-server.ts";
import { administer, startStandby } from "../../support/server-files.ts";
import { startServer } from "../../support/shared-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { tinyDisk } from "../../support/tiny-disk.ts";

/** Each file of a folder, with what is in it. */
function contents(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): readonly [string, string] => [join(entry.parentPath, entry.name), createHash("sha256").update(readFileSync(join(entry.parentPath, entry.name))).digest("hex")])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A workspace whose source has a row that fills a kilobyte so many times. */
function workspace(kilobytes = 2): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "data"));
  const db = new Database(join(folder, "data/app.db"));
  db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)");
  const insert = db.prepare("INSERT INTO notes (text) VALUES (?)");
  db.transaction(() => {
    for (let i = 0; i < kilobytes; i++) insert.run(createHash("sha512").update(String(i)).digest("hex").repeat(8));
  })();
  db.close();
  return folder;
}

interface Refusal {
  readonly exit: 2 | 3;
  readonly what: RegExp;
  readonly next: RegExp;
  readonly from?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** Migrates in a folder, in every form of output: one clear error, the exit code, no password; nothing has changed in the folder but what `.cutover` holds. */
async function refused(folder: string, url: string, { exit, what, next, from = "data/app.db", env = {}, args = [] }: Refusal): Promise<void> {
  const before = contents(join(folder, "data"));
  for (const form of [["--progress", "json", "--format", "json"], ["--verbose"]]) {
    const { code, out, err } = await cli(folder, ["migrate", "--from", from, "--to", url, ...args, ...form], { HOME: folder, ...env });
    assert.equal(code, exit, err);
    assert.equal(out, "");
    assert.equal(err.match(/^error: /gm)?.length, 1, err);
    const said = err.slice(err.search(/^error: /m));
    assert.match(said, what);
    assert.match(said.split("next:")[1] ?? "", next);
    assert.doesNotMatch(said, /Cutover met something/);
    if (!form.includes("--verbose")) assert.doesNotMatch(said, /^\s+at .+:\d+:\d+/m);
    assert.doesNotMatch(err, /staple/, "the password is shown");
  }
  assert.deepEqual(contents(join(folder, "data")), before);
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no TCP port"));
      else resolve(address.port);
    });
    atEnd(() => server.close());
  });
}

for (const major of [14, 18] as const) {
  describe(`migrate from the command line, to PostgreSQL ${major}, refuses with one clear error and touches nothing`, () => {
    let server: TestServer;
    let folder: string;
    before(async () => {
      server = await startServer(major);
      folder = workspace();
    });

    /** Has a migration refused, into a database that a script has prepared, as one of its roles; the database is as it was afterwards. */
    const inDatabase = async (script: readonly string[], role: string, refusal: Refusal, url = (name: string): string => `postgres://${role}_${name}:staple@127.0.0.1:${server.port}/${name}`): Promise<void> => {
      const { name, target } = await server.newDatabase();
      for (const statement of script) await ask(target, statement.replaceAll("NAME", name));
      const before = await stateOf(target);
      await refused(folder, url(name), refusal);
      assert.deepEqual(await stateOf(target), before);
    };

    it("a wrong password", async () => {
      await inDatabase([], "", { exit: 3, what: /refuses the user or the password/, next: /password/ }, (name) => `postgres://postgres:wrong-staple@127.0.0.1:${server.port}/${name}`);
      await inDatabase([], "", { exit: 3, what: /refuses the user or the password/, next: /password/, env: { PGPASSWORD: "wrong-staple" } }, (name) => `postgres://postgres@127.0.0.1:${server.port}/${name}`);
    });
    it("no password", () => inDatabase([], "", { exit: 3, what: /asks for a password/, next: /PGPASSWORD/ }, (name) => `postgres://postgres@127.0.0.1:${server.port}/${name}`));
    it("no such role", () => inDatabase([], "nobody", { exit: 3, what: /refuses the user or the password/, next: /user's name/ }));
    it("no such database", () => refused(folder, server.url("no_such_database"), { exit: 3, what: /There is no such database/, next: /CREATE DATABASE/ }));
    it("a role that may not connect", () =>
      inDatabase(["CREATE ROLE outsider_NAME LOGIN PASSWORD 'staple'", "REVOKE CONNECT ON DATABASE NAME FROM PUBLIC"], "outsider", { exit: 3, what: /may not connect/, next: /GRANT CONNECT/ }));
    it("a role that may read only", () =>
      inDatabase(["CREATE ROLE reader_NAME LOGIN PASSWORD 'staple'", "REVOKE CREATE ON SCHEMA public FROM PUBLIC"], "reader", {
        exit: 3,
        what: /2 things stand in the way[\s\S]*may not make schemas[\s\S]*may not make tables in the schema public/,
        next: /GRANT CREATE ON DATABASE .*GRANT CREATE ON SCHEMA public/,
      }));
    it("a role that may make tables but no schemas", () =>
      inDatabase(["CREATE ROLE maker_NAME LOGIN PASSWORD 'staple'", "GRANT CREATE ON SCHEMA public TO maker_NAME"], "maker", { exit: 3, what: /may not make schemas/, next: /GRANT CREATE ON DATABASE/ }));
    it("a role whose transactions are read-only", () =>
      inDatabase(["CREATE ROLE idler_NAME LOGIN SUPERUSER PASSWORD 'staple'", "ALTER ROLE idler_NAME SET default_transaction_read_only = on"], "idler", { exit: 3, what: /takes no writes/, next: /default_transaction_read_only/ }));
    it("a database whose transactions are read-only", () =>
      inDatabase(["CREATE ROLE idler_NAME LOGIN SUPERUSER PASSWORD 'staple'", "ALTER DATABASE NAME SET default_transaction_read_only = on"], "idler", { exit: 3, what: /takes no writes/, next: /default_transaction_read_only/ }));
    it("a role without a connection left", async () => {
      await inDatabase(["CREATE ROLE full_NAME LOGIN PASSWORD 'staple' CONNECTION LIMIT 0"], "full", { exit: 3, what: /no connection left[\s\S]*too many connections for role/, next: /CONNECTION LIMIT/ });
    });
    it("a target that has such tables", () =>
      inDatabase(["CREATE TABLE notes (id int, mine text)", "INSERT INTO notes VALUES (7, 'keep me')"], "", { exit: 3, what: /names already[\s\S]*notes/, next: /--drop/ }, (name) => server.url(name)));
    it("databases that are not UTF-8", async () => {
      for (const encoding of ["LATIN1", "SQL_ASCII"]) {
        const name = `${encoding.toLowerCase()}_${major}`;
        await administer(server, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
        await refused(folder, server.url(name), { exit: 3, what: new RegExp(`encoding is ${encoding}`), next: /ENCODING 'UTF8'/ });
      }
    });
    if (major === 18) it("a standby", async () => {
      const { name } = await server.newDatabase();
      const url = await startStandby(server);
      await refused(folder, url(name), { exit: 3, what: /standby, which takes no writes/, next: /primary/ });
    });
    it("a disk that is full", async (t) => {
      const disk = tinyDisk(12 << 20);
      if (disk === undefined) {
        t.skip("this user may not mount a file system");
        return;
      }
      const large = workspace(16_000);
      mkdirSync(join(disk, "tables"));
      chmodSync(join(disk, "tables"), 0o777);
      const [owner] = await administer(server, "SELECT current_setting('data_directory')");
      const { uid, gid } = statSync(owner ?? "");
      chownSync(join(disk, "tables"), uid, gid);
      await administer(server, `CREATE TABLESPACE tiny LOCATION '${join(disk, "tables")}'`);
      const { name, target } = await server.newDatabase();
      await ask(target, `ALTER DATABASE ${name} SET default_tablespace = 'tiny'`);
      const before = await stateOf(target);
      await refused(large, server.url(name), { exit: 3, what: /disk of the server is full[\s\S]*No space left on device/, next: /Make room/ });
      assert.deepEqual(await stateOf(target), before);
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`, "DROP TABLESPACE tiny");
    });
  });
}

describe("migrate from the command line refuses what is no server of ours", () => {
  let folder: string;
  before(() => {
    folder = workspace();
  });

  it("a host that is not there", () => refused(folder, "postgres://me:staple@no-such-host.invalid/app", { exit: 3, what: /There is no such host/, next: /host/ }));
  it("a port where nobody listens", async () => refused(folder, `postgres://me:staple@127.0.0.1:${await freePort()}/app`, { exit: 3, what: /No server answers/, next: /port/ }));
  it("a socket that is not there", () => refused(folder, `postgres://me:staple@/app?host=${folder}`, { exit: 3, what: /There is no such socket/, next: /unix_socket_directories/ }));
  it("a server that hangs, and one that hangs when TLS is asked for", async () => {
    const port = await listening(createServer(() => undefined));
    await refused(folder, `postgres://me:staple@127.0.0.1:${port}/app?connect_timeout=1`, { exit: 3, what: /does not answer in time/, next: /connect_timeout/ });
    const tls = await listening(createServer((socket) => socket.once("data", () => socket.write("S"))));
    await refused(folder, `postgres://me:staple@127.0.0.1:${tls}/app?connect_timeout=1&sslmode=no-verify`, { exit: 3, what: /does not answer in time/, next: /connect_timeout/ });
  });
  it("cutover.json's and the environment's time for connecting", async () => {
    const port = await listening(createServer(() => undefined));
    await refused(folder, `postgres://me:staple@127.0.0.1:${port}/app`, { exit: 3, what: /does not answer in time/, next: /connect_timeout/, env: { POSTGRES_TIMEOUT: "1" } });
    const other = workspace();
    writeFileSync(join(other, "cutover.json"), JSON.stringify({ connections: { timeout: 1 } }));
    await refused(other, `postgres://me:staple@127.0.0.1:${port}/app`, { exit: 3, what: /does not answer in time/, next: /connect_timeout/ });
  });
  it("a server of another kind", async () => {
    const http = await listening(createServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))));
    await refused(folder, `postgres://me:staple@127.0.0.1:${http}/app`, { exit: 3, what: /no PostgreSQL|No server answers/, next: /port/ });
    const closing = await listening(createServer((socket) => socket.destroy()));
    await refused(folder, `postgres://me:staple@127.0.0.1:${closing}/app`, { exit: 3, what: /No server answers/, next: /port/ });
  });
  it("a server that is too old: a real 14, whose version a proxy lowers to 13", async () => {
    const server = await startServer(14);
    const { name, target } = await server.newDatabase();
    const before = await stateOf(target);
    const proxy = createServer((client) => {
      const upstream = connect(server.port, "127.0.0.1");
      client.pipe(upstream);
      upstream.on("data", (data) => client.write(Buffer.from(data.toString("latin1").replaceAll(/14(00\d\d)/g, "13$1"), "latin1")));
      upstream.on("close", () => client.destroy());
      client.on("error", () => upstream.destroy());
      client.on("close", () => upstream.destroy());
    });
    const port = await listening(proxy);
    await refused(folder, server.url(name).replace(`:${server.port}/`, `:${port}/`), { exit: 3, what: /PostgreSQL 13 is too old/, next: /14 or newer/ });
    assert.deepEqual(await stateOf(target), before);
  });
  it("several hosts, a service, and a URL that is none", async () => {
    await refused(folder, "postgres://me:staple@a,b/app", { exit: 2, what: /several hosts/, next: /postgres:\/\// });
    await refused(folder, "postgres:///app", { exit: 2, what: /service files are not read/, next: /postgres:\/\//, env: { PGSERVICE: "mine" } });
    for (const url of ["postgres://me:st/staple@db/app", "postgres://me:1#staple@db/app", "postgres://me:1?staple@db/app", "mysql://me:s/staple@db/app"]) await refused(folder, url, { exit: 2, what: /cannot be used|not understood/, next: /postgres:\/\// });
  });
});

describe("migrate from the command line refuses a source that cannot be read as it should, before any server is asked", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer(18);
  });

  /** Has a source refused which `make` has written to `data/app.db`; the target is as it was. */
  const source = async (make: (path: string) => void, refusal: Omit<Refusal, "exit">, exit: 2 | 3): Promise<void> => {
    const folder = workspace();
    make(join(folder, "data/app.db"));
    const { target, url } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(folder, url, { exit, ...refusal });
    assert.deepEqual(await stateOf(target), before);
  };
  const patch = (offset: number, ...bytes: readonly number[]) => (path: string): void => {
    const file = readFileSync(path);
    file.set(bytes, offset);
    writeFileSync(path, file);
  };

  it("not a database", () => source((path) => { writeFileSync(path, "a text that is long enough for a header\n".repeat(10)); }, { what: /not a SQLite database/, next: /encrypted/ }, 2));
  it("encrypted, which looks like noise", () => source((path) => { writeFileSync(path, createHash("sha512").update("x").digest().toString("hex").repeat(64)); }, { what: /not a SQLite database/, next: /encrypted/ }, 2));
  it("missing, a folder, a link to nowhere", async () => {
    const folder = workspace();
    symlinkSync("nowhere", join(folder, "data/link.db"));
    for (const [from, what, exit] of [["data/gone.db", /There is no such database/, 2], ["data", /is a folder/, 3], ["data/link.db", /There is no such database/, 2]] as const) {
      const url = server.url("postgres");
      const { code, err } = await cli(folder, ["migrate", "--from", from, "--to", url]);
      assert.equal(code, exit, err);
      assert.match(err, what);
    }
  });
  // The header's fields: https://www.sqlite.org/fileformat2.html#the_database_header
  it("a page size that cannot be", () => source(patch(16, 0x12, 0x34), { what: /not a SQLite database|cannot be read/, next: /./ }, 2));
  it("a format that this SQLite does not know", () => source(patch(47, 9), { what: /newer SQLite/, next: /VACUUM INTO|dump/ }, 3));
  it("a file format version that this SQLite does not know", () => source(patch(19, 3), { what: /not a SQLite database|newer SQLite/, next: /./ }, 2));
  it("damaged pages", () => source((path) => {
    const db = new Database(path);
    db.exec("CREATE INDEX by_text ON notes (text)");
    db.exec("INSERT INTO notes (text) SELECT hex(randomblob(500)) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) SELECT i FROM n)");
    db.close();
    const file = readFileSync(path);
    file.fill(0xee, file.length - 9000, file.length - 5000);
    writeFileSync(path, file);
  }, { what: /damaged|cannot be read/, next: /\.recover/ }, 3));
  it("TRAP 58: held by another process", async () => {
    const folder = workspace();
    const { target, url } = await server.newDatabase();
    const before = await stateOf(target);
    const holder = new Database(join(folder, "data/app.db"));
    holder.exec("BEGIN EXCLUSIVE");
    try {
      const { code, err } = await cli(folder, ["migrate", "--from", "data/app.db", "--to", url]);
      assert.equal(code, 3, err);
      assert.match(err, /Another process holds the database[\s\S]*next: .*run this again/);
    } finally {
      holder.exec("ROLLBACK");
      holder.close();
    }
    assert.deepEqual(await stateOf(target), before);
  });
  it("a folder for the backups that cannot be made", async () => {
    const folder = workspace();
    writeFileSync(join(folder, ".cutover"), "in the way");
    const { target, url } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(folder, url, { exit: 3, what: /backup cannot be made/, next: /folder/ });
    assert.deepEqual(await stateOf(target), before);
  });
  it("no room for the backup", async (t) => {
    const disk = tinyDisk(4 << 20);
    if (disk === undefined) {
      t.skip("this user may not mount a file system");
      return;
    }
    const folder = workspace(9000);
    symlinkSync(disk, join(folder, ".cutover"));
    const { target, url } = await server.newDatabase();
    const before = await stateOf(target);
    await refused(folder, url, { exit: 3, what: /no room for the backup|backup cannot be made/, next: /[Mm]ake room/ });
    assert.deepEqual(await stateOf(target), before);
    assert.deepEqual(contents(disk).filter(([path]) => path.includes("backups")), []);
  });
});

describe("a server that has no connection left", () => {
  it("for anybody", async () => {
    const server = await startServer(18);
    const folder = workspace();
    const { name } = await server.newDatabase();
    await administer(server, `CREATE ROLE last_${name} LOGIN PASSWORD 'staple' CONNECTION LIMIT 1`, `GRANT CREATE ON DATABASE ${name} TO last_${name}`);
    await ask(serverTarget(parseServerAddress(server.url(name))), `GRANT CREATE ON SCHEMA public TO last_${name}`);
    const url = `postgres://last_${name}:staple@127.0.0.1:${server.port}/${name}`;
    const holder = serverTarget(parseServerAddress(url));
    await holder.connect();
    await refused(folder, url, { exit: 3, what: /no connection left/, next: /CONNECTION LIMIT/ });
    await holder.close();
    // With the one connection that is left the run goes, and says that it does with fewer jobs.
    const { code, out, err } = await cli(folder, ["migrate", "--from", "data/app.db", "--to", url, "--jobs", "4"]);
    assert.equal(code, 0, err);
    assert.match(err, /CONNECTION LIMIT leaves room for one session: one job works instead of 4/);
    assert.match(out, /migrated data\/app\.db/);
    const least = await cli(folder, ["migrate", "--from", "data/app.db", "--to", url, "--jobs", "4", "--drop"], { POSTGRES_POOL_MIN: "2" });
    assert.equal(least.code, 3);
    assert.match(least.err, /One session is to be had, and the run is to have 2/);
  });
});
