import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { OwnBroker } from "@waybill/brokers";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { afterAll, afterEach } from "vitest";
import { natsTransport } from "../src/index.ts";

/** The time limit of a test or hook that uses a server, in milliseconds. */
export const LIMIT_MS = 60_000;

/** Connections to a server with users, whose passwords equal their names. The user `all` has all permissions. */
export interface Users {
  /** The warnings of all transports. */
  readonly warnings: readonly string[];
  /** Opens a transport. @param parameters of the URL, with the question mark */
  open(user?: string, parameters?: string): Promise<Transport>;
  /** Opens a connection of the client. */
  openClient(): Promise<NatsConnection>;
}

/** For use inside a `describe`: closes the transports after each test, and ends the server after all tests. */
export function usersOf(broker: OwnBroker): Users {
  const transports: Transport[] = [];
  const warnings: string[] = [];
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((each) => each.close(Date.now())));
  });
  afterAll(() => broker.end(), LIMIT_MS);
  return {
    warnings,
    open: async (user = "all", parameters = "") => {
      const url = broker.url.replace("nats://", `nats://${user}:${user}@`) + parameters;
      const transport = natsTransport({ url, leaseSeconds: 1 }, systemEnvironment);
      transports.push(transport);
      await transport.connect(new AbortController().signal, (text) => warnings.push(text));
      return transport;
    },
    openClient: () => connect({ servers: new URL(broker.url).host, user: "all", pass: "all" }),
  };
}
