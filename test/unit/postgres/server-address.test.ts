import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { findPassword } from "#engine/postgres/password-file.ts";
import { addressName, parseServerAddress, type ConnectionDefaults, type TlsMode } from "#engine/postgres/server-address.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("parseServerAddress", () => {
  const names: readonly (readonly [url: string, name: string, user: string, password: string | undefined])[] = [
    ["postgres://me:pw@db.example:6543/app", "db.example:6543/app", "me", "pw"],
    ["postgresql://me:a%40b%2Fc@localhost/app", "localhost:5432/app", "me", "a@b/c"],
    ["postgres://me@[::1]:5433/app", "[::1]:5433/app", "me", undefined],
    ["postgres:///app?host=/run/postgresql&user=me", "/run/postgresql:5432/app", "me", undefined],
    ["postgres://me@%2Frun%2Fpg/app", "/run/pg:5432/app", "me", undefined],
    ["postgres://me@localhost", "localhost:5432/me", "me", undefined],
  ];
  for (const [url, name, user, password] of names) {
    it(url, () => {
      const address = parseServerAddress(url);
      assert.equal(addressName(address), name);
      assert.deepEqual([address.user, address.password], [user, password]);
    });
  }

  const modes: readonly (readonly [url: string, mode: TlsMode])[] = [
    ["postgres://me@localhost/a", "off"],
    ["postgres://me@127.0.0.1/a", "off"],
    ["postgres:///a?host=/run", "off"],
    ["postgres://me@db/a", "verify-full"],
    ["postgres://me@db/a?sslmode=prefer", "verify-full"],
    ["postgres://me@db/a?sslmode=require", "verify-full"],
    ["postgres://me@localhost/a?sslmode=require", "verify-full"],
    ["postgres://me@db/a?sslmode=verify-ca", "verify-ca"],
    ["postgres://me@db/a?sslmode=no-verify", "no-verify"],
    ["postgres://me@db/a?sslmode=disable", "off"],
  ];
  for (const [url, mode] of modes) it(`${url} speaks TLS ${mode}`, () => { assert.equal(parseServerAddress(url).tls.mode, mode); });

  it("takes what is missing from the environment", () => {
    const address = parseServerAddress("postgres://db.example", { PGUSER: "me", PGPASSWORD: "pw", PGDATABASE: "app", PGPORT: "7000" });
    assert.deepEqual([addressName(address), address.user, address.password], ["db.example:7000/app", "me", "pw"]);
  });

  it("takes cutover.json's connections behind the URL, and the environment behind both", () => {
    const env = { POSTGRES_POOL_MIN: "2", POSTGRES_POOL_MAX: "5", POSTGRES_TIMEOUT: "30" };
    const numbers = (url: string, defaults: ConnectionDefaults): number[] => {
      const { minSessions, maxSessions, connectTimeout, statementTimeout, lockTimeout } = parseServerAddress(url, env, defaults);
      return [minSessions, maxSessions, connectTimeout, statementTimeout, lockTimeout];
    };
    assert.deepEqual(numbers("postgres://me@db/a", {}), [2, 5, 30_000, 0, 0]);
    assert.deepEqual(numbers("postgres://me@db/a", { max: 1, timeout: 7, statementTimeout: 1000, lockTimeout: 200 }), [1, 1, 7000, 1000, 200]);
    assert.deepEqual(numbers("postgres://me@db/a?connect_timeout=3&statement_timeout=5&lock_timeout=6", { min: 3, max: 9, timeout: 7, statementTimeout: 1000, lockTimeout: 200 }), [3, 9, 3000, 5, 6]);
    assert.equal(parseServerAddress("postgres://me@db/a").connectTimeout, 10_000);
    assert.equal(parseServerAddress("postgres://me@db/a", { PGCONNECT_TIMEOUT: "4", POSTGRES_TIMEOUT: "30" }).connectTimeout, 4000);
  });

  it("takes certificates and passwords from where libpq looks for them", () => {
    const home = temporaryFolder();
    mkdirSync(join(home, ".postgresql"));
    for (const name of ["root.crt", "postgresql.crt", "postgresql.key", "other.crt"]) writeFileSync(join(home, ".postgresql", name), name);
    writeFileSync(join(home, ".pgpass"), "db:5432:a:me:from the file\n", { mode: 0o600 });
    const env = { HOME: home };
    assert.deepEqual(parseServerAddress("postgres://me@db/a?sslpassword=open", env).tls, { mode: "verify-full", ca: "root.crt", certificate: "postgresql.crt", key: "postgresql.key", passphrase: "open", channelBinding: false });
    assert.equal(parseServerAddress("postgres://me@db/a", { ...env, PGSSLROOTCERT: join(home, ".postgresql", "other.crt") }).tls.ca, "other.crt");
    assert.equal(parseServerAddress("postgres://me@db/a?sslrootcert=system", env).tls.ca, undefined);
    assert.equal(parseServerAddress("postgres://me@localhost/a", env).tls.ca, undefined);
    assert.equal(parseServerAddress("postgres://me@db/a", env).password, "from the file");
    assert.equal(parseServerAddress("postgres://me:own@db/a", env).password, "own");
    assert.equal(parseServerAddress("postgres://you@db/a", env).password, undefined);
    chmodSync(join(home, ".pgpass"), 0o644);
    assert.equal(parseServerAddress("postgres://me@db/a", env).password, undefined);
  });

  const passwords: readonly (readonly [line: string, password: string | undefined])[] = [
    ["db:5432:a:me:simple", "simple"],
    ["*:*:*:*:every", "every"],
    ["other:5432:a:me:x\n# db:5432:a:me:comment\ndb:*:*:me:second\r\n*:*:*:*:late", "second"],
    ["db:5432:a:me:with \\: and \\\\", "with : and \\"],
    ["d\\b:5432:a:me:escaped", "escaped"],
    ["db:5432:a:me", undefined],
    ["", undefined],
    ["db:5433:a:me:x", undefined],
  ];
  for (const [line, password] of passwords) {
    it(`a password file with ${JSON.stringify(line)}`, () => { assert.equal(findPassword(line, { host: "db", port: 5432, database: "a", user: "me" }), password); });
  }
  it("a password file knows a socket by the name localhost", () => {
    for (const line of ["localhost:5432:a:me:x", "/run/postgresql:5432:a:me:x"]) assert.equal(findPassword(line, { host: "/run/postgresql", port: 5432, database: "a", user: "me" }), "x");
  });

  const said: readonly (readonly [url: string, env: Readonly<Record<string, string>>, why: RegExp])[] = [
    ["postgres://me:geheim@a,b/app", {}, /several hosts.*name the primary/],
    ["postgres://me:geheim@a:5432,b:5433/app", {}, /several hosts/],
    ["postgres://me:geheim@/app?host=a,b", {}, /several hosts/],
    ["postgres://me:geheim@/app", { PGHOST: "a,b" }, /several hosts/],
    ["postgres://me:geheim@a/app?target_session_attrs=read-write", {}, /name the primary server/],
    ["postgres:///app?service=mine", {}, /service files are not read/],
    ["postgres:///app", { PGSERVICE: "mine" }, /service files are not read/],
    ["postgres://me:geheim@a/app?pgbouncer=true", {}, /Prisma's/],
    ["postgres://me:ge/heim@db/a", {}, /%XX/],
    ["postgres://me:12/geheim@db/a", {}, /%XX/],
    ["postgres://me:12#geheim@db/a", {}, /%XX/],
    ["postgres://me:12?geheim@db/a", {}, /%XX/],
    ["postgres://me:geheim@a/app?sslmode=disable&channel_binding=require", {}, /needs TLS/],
    ["postgres://me@/app?host=/run/x&channel_binding=require&password=geheim", {}, /needs TLS/],
  ];
  for (const [url, env, why] of said) {
    it(`${url.replace("geheim", "…")} ${JSON.stringify(env)} is refused with the reason`, () => {
      assert.throws(
        () => parseServerAddress(url, env),
        (error) => error instanceof CutoverError && error.tag === "usage" && why.test(error.why ?? "") && !JSON.stringify(error).includes("geheim"),
      );
    });
  }

  for (const url of ["postgres://me:geheim@db/a?sslmode=sometimes", "postgres://me:geheim@db/a?what=ever", "postgres://me:geheim@db:99999/a", "postgres://me:geheim%@db/a", "postgres://me:geheim@db/a?sslrootcert=/nowhere/ca.pem"]) {
    it(`refuses ${url.replace("geheim", "…")} without showing the password`, () => {
      assert.throws(() => parseServerAddress(url), (error) => error instanceof CutoverError && error.tag === "usage" && !JSON.stringify(error).includes("geheim"));
    });
  }
});
