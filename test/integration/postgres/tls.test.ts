import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import Database from "better-sqlite3";
import { newAuthority, noOpenssl, selfSigned, type Authority } from "../../support/certificates.ts";
import { cli } from "../../support/cli.ts";
import { ask } from "../../support/move.ts";
import { start, type TestServer } from "../../support/postgres-server.ts";
import { administer, letIn, speakTls } from "../../support/server-files.ts";
import { atEnd } from "../../support/at-end.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { parseServerAddress } from "#engine/postgres/server-address.ts";
import { serverTarget } from "#engine/postgres/server.ts";

const noIpv6 = Object.values(networkInterfaces()).flat().some((address) => address?.address === "::1") ? false : "this machine has no IPv6";

for (const major of [14, 18] as const) {
  describe(`connections to PostgreSQL ${major}`, { skip: noOpenssl }, () => {
    let server: TestServer;
    let authority: Authority;
    let folder: string;
    let made = 0;
    before(async () => {
      server = await start(major, ["-c", "fsync=off", ...(noIpv6 === false ? ["-c", "listen_addresses=127.0.0.1,::1"] : [])]);
      atEnd(() => server.stop());
      authority = newAuthority();
      folder = temporaryFolder();
      const db = new Database(join(folder, "app.db"));
      db.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO notes (text) VALUES ('one'), ('two')");
      db.close();
      await speakTls(server, authority.sign("localhost", { hosts: ["localhost"] }), authority.certificate);
      await administer(server, "CREATE ROLE carried LOGIN SUPERUSER PASSWORD 'staple'", "CREATE ROLE plain LOGIN SUPERUSER PASSWORD 'staple'");
      await letIn(server, "hostssl all carried all scram-sha-256 clientcert=verify-full", "hostnossl all carried all reject");
    });

    /** Migrates into a database of its own, and reads what came through the URL. */
    const goes = async (url: (database: string) => string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
      const database = `moved_${++made}`;
      await administer(server, `CREATE DATABASE ${database} TEMPLATE template0`);
      const { code, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", url(database)], env);
      assert.equal(code, 0, err);
      const target = serverTarget(parseServerAddress(url(database), env));
      assert.deepEqual(await ask(target, "SELECT text, (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) FROM public.notes ORDER BY id"), url(database).includes("host=/") || url(database).includes("disable") ? [["one", "f"], ["two", "f"]] : [["one", "t"], ["two", "t"]]);
      await target.close();
    };
    const refused = async (url: string, what: RegExp, next: RegExp, exit = 3): Promise<void> => {
      const { code, out, err } = await cli(folder, ["migrate", "--from", "app.db", "--to", url, "--format", "json", "--verbose"], {});
      assert.equal(code, exit, err);
      assert.equal(out, "");
      assert.match(err, what);
      assert.match(err.split("next:")[1] ?? "", next);
      assert.equal(err.match(/^error: /gm)?.length, 1, err);
      assert.doesNotMatch(err, /staple|open sesame/);
    };
    const url = (host: string, database: string, parameters = "", user = "postgres"): string =>
      `postgres://${user}:${user === "postgres" ? encodeURIComponent(server.password) : "staple"}@${host}:${server.port}/${database}?${parameters}`;
    const ca = (): string => `sslrootcert=${authority.certificate}`;

    it("verify-full, with the CA's certificate", () => goes((database) => url("localhost", database, `sslmode=verify-full&${ca()}`)));
    it("require means the same", () => goes((database) => url("localhost", database, `sslmode=require&${ca()}`)));
    it("verify-ca takes another name", () => goes((database) => url("127.0.0.1", database, `sslmode=verify-ca&${ca()}`)));
    it("no-verify takes any certificate", () => goes((database) => url("127.0.0.1", database, "sslmode=no-verify")));
    it("PGSSLMODE and PGSSLROOTCERT", () => goes((database) => url("localhost", database), { PGSSLMODE: "verify-full", PGSSLROOTCERT: authority.certificate }));
    it("a client certificate, its key encrypted, and the password bound to the channel", () => {
      const client = authority.sign("carried", { passphrase: "open sesame" });
      return goes((database) => url("localhost", database, `sslmode=verify-full&${ca()}&sslcert=${client.certificate}&sslkey=${client.key}&sslpassword=open%20sesame&channel_binding=require`, "carried"));
    });
    it("a Unix socket, which carries no TLS, and a password from .pgpass", async () => {
      const [sockets] = await administer(server, "SHOW unix_socket_directories");
      const passwords = join(temporaryFolder(), "passwords");
      writeFileSync(passwords, `localhost:${server.port}:*:plain:staple\n`, { mode: 0o600 });
      await goes((database) => `postgres://plain@/${database}?host=${sockets ?? ""}&port=${server.port}&sslmode=require`, { PGPASSFILE: passwords });
    });
    it("an IPv6 address", { skip: noIpv6 }, () => goes((database) => url("[::1]", database, "sslmode=disable")));

    it("the name is another one", () => refused(url("127.0.0.1", "postgres", `sslmode=verify-full&${ca()}`), /certificate is for another name/, /verify-ca/));
    it("an unknown CA", () => refused(url("localhost", "postgres", "sslmode=verify-full"), /signed by somebody who is not known/, /sslrootcert/));
    it("another CA", () => refused(url("localhost", "postgres", `sslmode=verify-ca&sslrootcert=${newAuthority().certificate}`), /signed by somebody who is not known/, /sslrootcert/));
    it("plainly, where TLS is demanded", () => refused(url("localhost", "postgres", "sslmode=disable", "carried"), /encrypted connections only/, /sslmode=verify-full/));
    it("without a client certificate, where one is demanded", () => refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}`, "carried"), /wants a client certificate/, /sslcert=FILE/));
    it("with a client certificate of another CA", () => {
      const other = newAuthority().sign("carried");
      return refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}&sslcert=${other.certificate}&sslkey=${other.key}`, "carried"), /wants a client certificate/, /sslcert=FILE/);
    });
    it("with another user's client certificate", () => {
      const other = authority.sign("somebody");
      return refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}&sslcert=${other.certificate}&sslkey=${other.key}`, "carried"), /refuses the user or the password/, /must be this user's/);
    });
    it("a key whose passphrase is missing or wrong", async () => {
      const client = authority.sign("carried", { passphrase: "open sesame" });
      for (const word of ["", "&sslpassword=open%20barley"]) {
        await refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}&sslcert=${client.certificate}&sslkey=${client.key}${word}`, "carried"), /key of the client certificate cannot be opened|certificate or key cannot be used/, /sslpassword/, 2);
      }
    });
    it("a key of another certificate, and a file that is none", async () => {
      const [one, two] = [authority.sign("carried"), authority.sign("carried")];
      await refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}&sslcert=${one.certificate}&sslkey=${two.key}`, "carried"), /cannot be used/, /PEM/, 2);
      const none = join(temporaryFolder(), "none.pem");
      writeFileSync(none, readFileSync(one.certificate, "utf8").slice(0, 200));
      await refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}&sslcert=${none}&sslkey=${one.key}`, "carried"), /cannot be used/, /PEM/, 2);
    });
    it("a certificate that has expired, then one that is signed by itself, then no TLS at all", async () => {
      await speakTls(server, authority.sign("localhost", { hosts: ["localhost"], days: -1 }), authority.certificate);
      await refused(url("localhost", "postgres", `sslmode=verify-full&${ca()}`), /has expired/, /renewed/);
      const alone = selfSigned("localhost");
      await speakTls(server, alone, authority.certificate);
      await goes((database) => url("localhost", database, `sslmode=verify-full&sslrootcert=${alone.certificate}`));
      await refused(url("localhost", "postgres", "sslmode=verify-full"), /signed by itself/, /sslrootcert/);
      await administer(server, "ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()");
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const mode of ["require", "verify-ca", "verify-full", "no-verify"]) await refused(url("localhost", "postgres", `sslmode=${mode}`), /speaks no TLS/, /Turn on ssl/);
    });
  });
}
