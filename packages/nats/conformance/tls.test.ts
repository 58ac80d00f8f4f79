import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ServerInfo } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { afterAll, describe, expect, it, vi } from "vitest";
import { clientOptions } from "../src/connection/client-options.ts";
import { settingsOf } from "../src/options.ts";
import { Servers } from "../src/connection/servers.ts";
import { Authority, type Certificate } from "@waybill/brokers/certificates";
import { connected, expectRefusal, withServer } from "./connecting.ts";

const LIMIT = { timeout: 30_000 };

describe("a connection to NATS over TLS", () => {
  const [own, other] = [new Authority("own"), new Authority("other")];
  afterAll(() => {
    own.remove();
    other.remove();
  });

  it.each([
    {
      what: "a host name",
      name: "localhost",
      right: "DNS:localhost",
      wrong: "DNS:elsewhere.test,IP:127.0.0.1",
    },
    {
      what: "an IP address",
      name: "127.0.0.1",
      right: "IP:127.0.0.1",
      wrong: "DNS:localhost,IP:127.0.0.2",
    },
  ])(
    "by $what: a server with a certificate for it is trusted; a server with another certificate is refused",
    LIMIT,
    async ({ name, right, wrong }) => {
      const at = (address: string): string => address.replace("127.0.0.1", name);
      await withServer(listening(own.sign("right", right)), async (address) => {
        expect(await connected({ url: `tls://${at(address)}?ca_file=${own.cert}` })).toBeUndefined();
        const tls = { ca: readFileSync(own.cert) };
        expect(await connected({ url: `nats://${at(address)}`, tls })).toBeUndefined();
        for (const url of [`tls://${at(address)}?ca_file=${other.cert}`, `tls://${at(address)}`])
          expectRefusal(await connected({ url }), { advice: /Check the certificates/ });
      });
      await withServer(listening(own.sign("wrong", wrong)), async (address) => {
        const error = await connected({ url: `tls://${at(address)}?ca_file=${own.cert}` });
        expectRefusal(error, { advice: /a name or an address that its certificate contains/ });
      });
    },
  );

  it(
    "to a server without TLS: a URL with tls: is refused, and nothing is sent in plain text",
    LIMIT,
    async () => {
      await withServer("", async (address) => {
        expectRefusal(await connected({ url: `tls://${address}` }), { advice: /speaks TLS/ });
      });
    },
  );

  it(
    "by a client certificate: accepted if an authority that the server trusts has signed it; refused otherwise, or without one",
    LIMIT,
    async () => {
      const server = own.sign("server", "IP:127.0.0.1");
      const [known, unknown] = [own.sign("known", "DNS:known"), other.sign("unknown", "DNS:unknown")];
      await withServer(listening(server, `ca_file: "${own.cert}", verify: true`), async (address) => {
        const url = `tls://${address}?ca_file=${own.cert}`;
        const withFiles = ({ cert, key }: Certificate): string => `${url}&cert_file=${cert}&key_file=${key}`;
        expect(await connected({ url: withFiles(known) })).toBeUndefined();
        for (const bad of [withFiles(unknown), url])
          expectRefusal(await connected({ url: bad }), {
            advice: /Check the certificates|client's certificate/,
          });
      });
    },
  );

  it(
    "to a server that another server announced by IP address: its certificate may carry the host name of the announcing server, and no other",
    LIMIT,
    async () => {
      const config = ["jetstream: false", listening(own.sign("by-name", "DNS:localhost"))];
      const broker = await startForTests("nats", { nodes: 2, config });
      if (broker === undefined) return;
      const [, port] = /:(\d+)/.exec(broker.url.slice("nats:".length)) ?? [];
      const connecting = (host: string): (() => Promise<ServerInfo | undefined>) => {
        const settings = settingsOf(`tls://${host}:${port}?ca_file=${own.cert}`);
        const servers = new Servers(settings.addresses, systemEnvironment.random);
        return async () => {
          const nc = await servers.connect(clientOptions(settings));
          const { info } = nc;
          await nc.close();
          return info;
        };
      };
      const [named, numbered] = [connecting("localhost"), connecting("127.0.0.1")];
      try {
        const announcer = await vi.waitFor(async () => {
          const info = await named();
          expect(info?.connect_urls).toHaveLength(2);
          return info?.server_id;
        }, LIMIT);
        await expect(numbered()).rejects.toThrow(/altnames/);
        await broker.kill9(0);
        expect((await named())?.server_id).not.toBe(announcer);
        await expect(numbered()).rejects.toThrow(/refused/);
      } finally {
        await broker.end();
      }
    },
  );

  it(
    "by an IP address without TLS options, to a server that requires TLS: the certificate is checked for that address with the platform's authorities",
    LIMIT,
    async () => {
      for (const [name, names, outcome] of [
        ["asked", "IP:127.0.0.1", "accepted"],
        ["asked-wrong", "DNS:localhost", "refused"],
      ] as const)
        await withServer(listening(own.sign(name, names)), async (address) => {
          const { stdout } = await promisify(execFile)(
            process.execPath,
            ["--conditions=@waybill/source", "--import", "tsx", ONE_CONNECTION, `nats://${address}`],
            { env: { ...process.env, NODE_EXTRA_CA_CERTS: own.cert } },
          );
          expect(stdout.trim()).toBe(outcome);
        });
    },
  );
});

const ONE_CONNECTION = fileURLToPath(new URL("one-connection.ts", import.meta.url));

function listening({ cert, key }: Certificate, rest = ""): string {
  return `tls { cert_file: "${cert}", key_file: "${key}"\n${rest} }`;
}
