import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { BrokerConnection } from "./broker-connection.ts";

function connectionTo(port: number): {
  readonly connection: BrokerConnection;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const settings = {
    clientId: "me",
    connectTimeoutMs: 5_000,
    tls: undefined,
    sasl: undefined,
    brokerAddress: undefined,
    warn: (text: string) => void warnings.push(text),
  };
  return { connection: new BrokerConnection({ host: "127.0.0.1", port }, settings), warnings };
}

const REQUEST = { topics: [], allowAutoTopicCreation: false } as const;

it("passes the warning of kafkajs on when no connection can be opened, and rejects", async () => {
  const { connection, warnings } = connectionTo(1);
  await expect(connection.send("Metadata", REQUEST)).rejects.toThrow("ECONNREFUSED");
  expect(warnings).toEqual([
    "kafkajs warns about 127.0.0.1:1: Connection error: connect ECONNREFUSED 127.0.0.1:1",
  ]);
});

it("does not warn of a connection that the adapter closed itself", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { connection, warnings } = connectionTo((server.address() as AddressInfo).port);
  const connected = once(server, "connection");
  const asked = connection.send("Metadata", REQUEST);
  await connected;
  connection.drop("it was silent");
  await expect(asked).rejects.toThrow();
  expect(warnings).toEqual([]);
  connection.close();
  server.close();
});
