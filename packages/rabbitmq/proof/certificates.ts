import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files of a certificate authority, of a server at 127.0.0.1 and of a client, which the authority has signed. */
export interface Certificates {
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
  remove(): void;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Makes them with openssl; they are good for a day. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "waybill-tls-"));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const request = ["req", "-newkey", "rsa:2048", "-nodes", "-days", "1"];

  openssl(
    ...request,
    "-x509",
    "-subj",
    "/CN=a test's authority",
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.pem"),
  );
  const signed = (name: string, extensions: string): KeyPair => {
    writeFileSync(file(`${name}.ext`), extensions);
    openssl(...request, "-subj", `/CN=${name}`, "-keyout", file(`${name}.key`), "-out", file(`${name}.csr`));
    openssl(
      ...["x509", "-req", "-days", "1", "-in", file(`${name}.csr`), "-out", file(`${name}.pem`)],
      ...[
        "-CA",
        file("ca.pem"),
        "-CAkey",
        file("ca.key"),
        "-CAcreateserial",
        "-extfile",
        file(`${name}.ext`),
      ],
    );
    return { cert: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  return {
    ca: file("ca.pem"),
    server: signed("server", "subjectAltName = IP:127.0.0.1\nextendedKeyUsage = serverAuth\n"),
    client: signed("client", "extendedKeyUsage = clientAuth\n"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
