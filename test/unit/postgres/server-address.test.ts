import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CutoverError } from "#core/cutover-error.ts";
import { addressName, parseServerAddress, type TlsMode } from "#engine/postgres/server-address.ts";

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

  for (const url of ["postgres://me:geheim@db/a?sslmode=sometimes", "postgres://me:geheim@db/a?what=ever", "postgres://me:geheim@db:99999/a", "postgres://me:geheim%@db/a", "postgres://me:geheim@db/a?sslrootcert=/nowhere/ca.pem"]) {
    it(`refuses ${url.replace("geheim", "…")} without showing the password`, () => {
      assert.throws(() => parseServerAddress(url), (error) => error instanceof CutoverError && error.tag === "usage" && !JSON.stringify(error).includes("geheim"));
    });
  }
});
