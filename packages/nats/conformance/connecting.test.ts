import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nkeys } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { isMessagingError, systemGround } from "@waybill/core/transport";
import { describe, expect, it } from "vitest";
import { natsTransport, type NatsOptions } from "../src/index.ts";

const LIMIT = { timeout: 30_000 };

describe("a connection to NATS", () => {
  it("by a token: the right one is let in, a wrong one is refused and not told", LIMIT, async () => {
    await withServer('authorization { token: "s3same" }', async (host) => {
      expect(await connected({ url: `nats://s3same@${host}` })).toBeUndefined();
      expect(await connected({ url: `nats://${host}`, token: "s3same" })).toBeUndefined();
      const error = await connected({ url: `nats://wr0ng@${host}` });
      expect(isMessagingError(error, "connect-failed")).toBe(true);
      expect(String(error)).toMatch(/Check user, password, token/);
      expect(String(error)).not.toContain("wr0ng");
    });
  });

  it(
    "by an NKEY: the seed of a known user is let in, another one is refused and not told",
    LIMIT,
    async () => {
      const [known, unknown] = [nkeys.createUser(), nkeys.createUser()];
      const seedOf = (pair: typeof known): string => new TextDecoder().decode(pair.getSeed());
      await withServer(`authorization { users: [{ nkey: ${known.getPublicKey()} }] }`, async (host) => {
        expect(await connected({ url: `nats://${host}`, nkeySeed: seedOf(known) })).toBeUndefined();
        const error = await connected({ url: `nats://${host}`, nkeySeed: seedOf(unknown) });
        expect(isMessagingError(error, "connect-failed")).toBe(true);
        expect(String(error)).toMatch(/NKEY/);
        expect(String(error)).not.toContain(seedOf(unknown));
      });
    },
  );

  it(
    "to the second host where nobody listens at the first; to none where nobody listens at all",
    LIMIT,
    async () => {
      await withServer("", async (host) => {
        expect(await connected({ url: `nats://127.0.0.1:1,${host}` })).toBeUndefined();
        const error = await connected({ url: "nats://127.0.0.1:1,127.0.0.1:2" });
        expect(isMessagingError(error, "connect-failed")).toBe(true);
        expect(String(error)).toContain("127.0.0.1:1, 127.0.0.1:2");
        expect(String(error)).toMatch(/Check host and port/);
      });
    },
  );

  it(
    "over TLS, by the server's name: with the authority that signed the server, and with no other",
    LIMIT,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "waybill-tls-"));
      const [own, other] = [selfSigned(folder, "own"), selfSigned(folder, "other")];
      try {
        const config = `tls { cert_file: "${own.cert}", key_file: "${own.key}" }`;
        await withServer(config, async (address) => {
          const host = address.replace("127.0.0.1", "localhost");
          expect(await connected({ url: `tls://${host}?ca_file=${own.cert}` })).toBeUndefined();
          expect(
            await connected({ url: `nats://${host}`, tls: { ca: readFileSync(own.cert) } }),
          ).toBeUndefined();
          for (const url of [`tls://${host}?ca_file=${other.cert}`, `tls://${host}`]) {
            const error = await connected({ url });
            expect(isMessagingError(error, "connect-failed")).toBe(true);
            expect(String(error)).toMatch(/Check the certificates/);
          }
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

async function withServer(config: string, work: (host: string) => Promise<void>): Promise<void> {
  const broker = await startForTests("nats", { config: [config] });
  if (broker === undefined) return;
  try {
    await work(new URL(broker.url).host);
  } finally {
    await broker.end();
  }
}

/** What connecting ended with, if not well. */
async function connected(options: NatsOptions): Promise<unknown> {
  const transport = natsTransport(options, systemGround);
  try {
    await transport.connect(new AbortController().signal);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await transport.close(Date.now());
  }
}

/** A certificate of a server at localhost, its own authority, good for a day. */
function selfSigned(folder: string, name: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost"];
  const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject];
  execFileSync("openssl", [...args, "-keyout", key, "-out", cert], { stdio: ["ignore", "ignore", "pipe"] });
  return { cert, key };
}
