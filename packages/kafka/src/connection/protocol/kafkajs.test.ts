import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";

type Class = { readonly prototype: object };

const load = createRequire(import.meta.url);
/** The classes that the application's own kafkajs shares with the adapter. */
const SHARED = [
  "broker/index.js",
  "network/connectionPool.js",
  "network/connection.js",
  "network/requestQueue/index.js",
].map((file) => load(`kafkajs/src/${file}`) as Class);

/** The methods and accessors of a class, by name. */
function membersOf({ prototype }: Class): ReadonlyMap<PropertyKey, unknown> {
  return new Map(
    Reflect.ownKeys(prototype).map((name) => {
      const { value, get } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
      return [name, value ?? get];
    }),
  );
}

it("the classes of the application's own kafkajs stay unchanged, after the import and after a connection", async () => {
  const before = SHARED.map(membersOf);
  const { BrokerConnection } = await import("./broker-connection.ts");
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connection = new BrokerConnection(
    { host: "127.0.0.1", port },
    {
      clientId: "me",
      connectTimeoutMs: 5_000,
      tls: undefined,
      sasl: undefined,
      brokerAddress: undefined,
      warn: () => undefined,
    },
  );
  const connected = once(server, "connection");
  const answer = connection.send("Metadata", { topics: [], allowAutoTopicCreation: false });
  await connected;
  connection.close();
  await expect(answer).rejects.toThrow();
  server.close();
  for (const [at, shared] of SHARED.entries()) {
    const [now, then] = [membersOf(shared), before[at]];
    expect([...now.keys()]).toEqual([...(then?.keys() ?? [])]);
    for (const [name, member] of now) expect(Object.is(member, then?.get(name)), String(name)).toBe(true);
  }
});

it("a connection on which no request waits has no timer", async () => {
  const { createPool, loggerFor } = await import("./kafkajs.ts");
  const { pool } = createPool({
    host: "127.0.0.1",
    port: 1,
    ssl: undefined,
    sasl: undefined,
    clientId: "me",
    socketFactory: () => expect.fail("no connection is made"),
    connectionTimeout: 1_000,
    requestTimeout: 1_000,
    reauthenticationThreshold: 1_000,
    enforceRequestTimeout: false,
    logger: loggerFor(() => undefined),
  });
  for (const { requestQueue } of pool) {
    requestQueue.scheduleCheckPendingRequests();
    expect(requestQueue).toMatchObject({ throttleCheckTimeoutId: null });
  }
});
