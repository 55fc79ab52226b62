import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findOnPath } from "../../scripts/find-on-path.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

const program = findOnPath(["openssl"]);

/** Why certificates cannot be made here, or false. */
export const noOpenssl: string | false = program === undefined ? "there is no openssl (Debian: apt-get install openssl)" : false;

/** A certificate and its key, as files of PEM text. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certification authority of its own, until the tests of the file are over. */
export interface Authority extends Certificate {
  /**
   * Signs a certificate.
   * @param name its common name, the user's for a client.
   * @param options `hosts` it is for; `days` it is valid, below zero for one that has expired; `passphrase` its key is encrypted with.
   */
  readonly sign: (name: string, options?: { readonly hosts?: readonly string[]; readonly days?: number; readonly passphrase?: string }) => Certificate;
}

export function newAuthority(): Authority {
  const folder = temporaryFolder();
  const authority = { certificate: join(folder, "ca.crt"), key: join(folder, "ca.key") };
  openssl("req", "-x509", ...newKey, "-nodes", "-keyout", authority.key, "-out", authority.certificate, "-subj", "/CN=Cutover's test CA", "-days", "3650", "-addext", "keyUsage=critical,keyCertSign");
  let made = 0;
  return {
    ...authority,
    sign: (name, { hosts = [], days = 3650, passphrase } = {}) => {
      const file = (ending: string): string => join(folder, `${made}.${ending}`);
      made++;
      openssl("req", ...newKey, ...(passphrase === undefined ? ["-nodes"] : ["-passout", `pass:${passphrase}`]), "-keyout", file("key"), "-out", file("csr"), "-subj", `/CN=${name}`);
      writeFileSync(file("ext"), hosts.length === 0 ? "" : `subjectAltName=${hosts.map((host) => `${/^[\d.:]+$/.test(host) ? "IP" : "DNS"}:${host}`).join(",")}\n`);
      openssl("x509", "-req", "-in", file("csr"), "-CA", authority.certificate, "-CAkey", authority.key, "-CAcreateserial", "-days", String(days), "-extfile", file("ext"), "-out", file("crt"));
      return { certificate: file("crt"), key: file("key") };
    },
  };
}

/** A certificate that nobody but itself vouches for. */
export function selfSigned(host: string): Certificate {
  const folder = temporaryFolder();
  const made = { certificate: join(folder, "alone.crt"), key: join(folder, "alone.key") };
  openssl("req", "-x509", ...newKey, "-nodes", "-keyout", made.key, "-out", made.certificate, "-subj", `/CN=${host}`, "-days", "3650", "-addext", `subjectAltName=DNS:${host}`);
  return made;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];

function openssl(...args: readonly string[]): void {
  if (program === undefined) throw new Error("there is no openssl");
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}
