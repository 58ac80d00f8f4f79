import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, as files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate authority that keeps its files in one folder; its certificates are valid for a day. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), "waybill-tls-"));
  readonly #own: Certificate;

  constructor(name: string) {
    this.#own = this.#make(name, ["-addext", "basicConstraints=critical,CA:TRUE"]);
  }

  /** The authority's own certificate; clients that trust it trust all certificates that it signs. */
  get cert(): string {
    return this.#own.cert;
  }

  /** @param names the subject alternative names: `DNS:localhost,IP:127.0.0.1` */
  sign(name: string, names: string): Certificate {
    const { cert, key } = this.#own;
    return this.#make(name, ["-addext", `subjectAltName=${names}`, "-CA", cert, "-CAkey", key]);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #make(name: string, rest: readonly string[]): Certificate {
    const [cert, key] = [join(this.#folder, `${name}.pem`), join(this.#folder, `${name}.key`)];
    const args = ["req", "-x509", ...NEW_KEY, "-days", "1", "-subj", `/CN=${name}`, ...rest];
    execFileSync("openssl", [...args, "-keyout", key, "-out", cert], { stdio: ["ignore", "ignore", "pipe"] });
    return { cert, key };
  }
}
