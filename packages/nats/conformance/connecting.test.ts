import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Algorithms, encodeAccount, encodeOperator, encodeUser, fmtCreds } from "@nats-io/jwt";
import { nkeys } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { connected, expectRefusal, withServer } from "./connecting.ts";

const LIMIT = { timeout: 30_000 };
type KeyPair = ReturnType<typeof nkeys.createUser>;

describe("a connection to NATS", () => {
  it(
    "by a token: the right one is accepted; a wrong one is refused with an error that does not contain it",
    LIMIT,
    async () => {
      await withServer('authorization { token: "s3same" }', async (host) => {
        expect(await connected({ url: `nats://s3same@${host}` })).toBeUndefined();
        expect(await connected({ url: `nats://${host}?token=s3same` })).toBeUndefined();
        expect(await connected({ url: `nats://${host}`, token: "s3same" })).toBeUndefined();
        for (const url of [`nats://wr0ng@${host}`, `nats://${host}?token=wr0ng`])
          expectRefusal(await connected({ url }), {
            advice: /Check user, password, token/,
            secret: "wr0ng",
          });
        expectRefusal(await connected({ url: `nats://${host}` }), { advice: /Check user, password, token/ });
      });
    },
  );

  it(
    "by an NKEY: the seed of a known user is accepted; another one is refused with an error that does not contain it",
    LIMIT,
    async () => {
      const [known, unknown] = [nkeys.createUser(), nkeys.createUser()];
      await withServer(`authorization { users: [{ nkey: ${known.getPublicKey()} }] }`, (host) =>
        inFolder(async (fileOf) => {
          const file = fileOf("known.nk", `${seedOf(known)}\n`);
          const other = fileOf("unknown.nk", seedOf(unknown));
          expect(await connected({ url: `nats://${host}`, nkeySeed: seedOf(known) })).toBeUndefined();
          expect(await connected({ url: `nats://${host}?nkey=${file}` })).toBeUndefined();
          for (const error of [
            await connected({ url: `nats://${host}`, nkeySeed: seedOf(unknown) }),
            await connected({ url: `nats://${host}?nkey=${other}` }),
            await connected({ url: `nats://${host}`, nkeySeed: seedOf(unknown).slice(1) }),
          ])
            expectRefusal(error, { advice: /Check .*NKEY/, secret: seedOf(unknown).slice(1) });
        }),
      );
    },
  );

  it(
    "by a credentials file: a user of a known account is accepted; one that is signed by an unknown account, expired or unreadable is refused",
    LIMIT,
    async () => {
      const [account, unknownAccount] = [nkeys.createAccount(), nkeys.createAccount()];
      const server = await memoryResolver(account);
      const yesterday = Math.floor(Date.now() / 1_000) - 86_400;
      const [good, foreign, old] = await Promise.all([
        credentials(account),
        credentials(unknownAccount),
        credentials(account, yesterday),
      ]);
      await withServer(server, (host) =>
        inFolder(async (fileOf) => {
          const file = fileOf("user.creds", good);
          expect(await connected({ url: `nats://${host}?creds=${file}` })).toBeUndefined();
          expect(await connected({ url: `nats://${host}`, credentials: good })).toBeUndefined();
          for (const text of [foreign, old, good.replace(/SUA\w+/, "SUANOSEED"), "not a credentials file"])
            expectRefusal(await connected({ url: `nats://${host}?creds=${fileOf("bad.creds", text)}` }), {
              advice: /Check .*credentials/,
              secret: /SU\w{20,}/.exec(text)?.[0] ?? "not a credentials",
            });
          expectRefusal(await connected({ url: `nats://${host}` }), { advice: /Check .*credentials/ });
        }),
      );
    },
  );

  it("goes to the second host if the first does not listen, and fails if none listens", LIMIT, async () => {
    await withServer("", async (host) => {
      expect(await connected({ url: `nats://127.0.0.1:1,${host}` })).toBeUndefined();
      const error = await connected({ url: "nats://127.0.0.1:1,127.0.0.1:2" });
      expectRefusal(error, { advice: /Check host and port/ });
      expect(String(error)).toContain("127.0.0.1:1, 127.0.0.1:2");
    });
  });

  it("fails with the reasons of all hosts if none accepts", LIMIT, async () => {
    await withServer('authorization { token: "s3same" }', async (host) => {
      const error = await connected({ url: `nats://wr0ng@127.0.0.1:1,${host}` });
      expectRefusal(error, { advice: /Check user, password, token/, secret: "wr0ng" });
      expect(String(error)).toMatch(/connection refused/);
    });
  });
});

function seedOf(pair: KeyPair): string {
  return new TextDecoder().decode(pair.getSeed());
}

/** The configuration of a server that knows one account with JetStream, besides the system account. */
async function memoryResolver(account: KeyPair): Promise<string> {
  const [operator, system] = [nkeys.createOperator(), nkeys.createAccount()];
  const signed = { algorithm: Algorithms.v2, signer: operator };
  const unlimited = ["mem_storage", "disk_storage", "streams", "consumer", "conn", "subs", "data", "payload"];
  const limits = Object.fromEntries(unlimited.map((limit) => [limit, -1]));
  const known = await Promise.all([
    encodeAccount("system", system, {}, signed),
    encodeAccount("shop", account, { limits }, signed),
  ]);
  return `
operator: ${await encodeOperator("waybill", operator, {}, { algorithm: Algorithms.v2 })}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: { ${system.getPublicKey()}: ${known[0]}, ${account.getPublicKey()}: ${known[1]} }`;
}

/** Returns the text of a credentials file for a new user of the account. */
async function credentials(account: KeyPair, exp?: number): Promise<string> {
  const user = nkeys.createUser();
  const options = { algorithm: Algorithms.v2, ...(exp !== undefined && { exp }) };
  return new TextDecoder().decode(fmtCreds(await encodeUser("buyer", user, account, {}, options), user));
}

async function inFolder(
  work: (fileOf: (name: string, text: string) => string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-nats-"));
  try {
    await work((name, text) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
