import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { BrokerConnection } from "./broker-connection.ts";

function connectionTo(port: number): {
  readonly connection: BrokerConnection;
  readonly told: readonly string[];
} {
  const told: string[] = [];
  const settings = {
    clientId: "me",
    connectTimeoutMs: 5_000,
    tls: undefined,
    sasl: undefined,
    brokerAddress: undefined,
    warn: (text: string) => void told.push(text),
  };
  return { connection: new BrokerConnection({ host: "127.0.0.1", port }, settings), told };
}

const QUESTION = { topics: [], allowAutoTopicCreation: false } as const;

it("tells what kafkajs has to say of a connection that cannot be made, and rejects", async () => {
  const { connection, told } = connectionTo(1);
  await expect(connection.send("Metadata", QUESTION)).rejects.toThrow("ECONNREFUSED");
  expect(told).toEqual(["kafkajs says of 127.0.0.1:1: Connection error: connect ECONNREFUSED 127.0.0.1:1"]);
});

it("tells nothing of a connection that was ended on purpose", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { connection, told } = connectionTo((server.address() as AddressInfo).port);
  const connected = once(server, "connection");
  const asked = connection.send("Metadata", QUESTION);
  await connected;
  connection.drop("it was silent");
  await expect(asked).rejects.toThrow();
  expect(told).toEqual([]);
  connection.close();
  server.close();
});
