import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { OwnBroker } from "@waybill/brokers";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import { afterAll, afterEach } from "vitest";
import { natsTransport } from "../src/index.ts";

/** How long anything on a server of a test's own may take. */
export const LIMIT_MS = 60_000;

/** Who works on a server that knows its users, each of whom has the own name as password. `all` may do all. */
export interface Users {
  /** What whoever runs the processes was told. */
  readonly told: readonly string[];
  /** @param parameters of the URL, with the question mark */
  open(user?: string, parameters?: string): Promise<Transport>;
  /** Past the transport. */
  byHand(): Promise<NatsConnection>;
}

/** For a suite, inside its `describe`: after each test they are gone, and after all of them the server. */
export function usersOf(broker: OwnBroker): Users {
  const transports: Transport[] = [];
  const told: string[] = [];
  afterEach(async () => {
    await Promise.all(transports.splice(0).map((each) => each.close(Date.now())));
  });
  afterAll(() => broker.end(), LIMIT_MS);
  return {
    told,
    open: async (user = "all", parameters = "") => {
      const url = broker.url.replace("nats://", `nats://${user}:${user}@`) + parameters;
      const transport = natsTransport({ url, leaseSeconds: 1 }, systemEnvironment);
      transports.push(transport);
      await transport.connect(new AbortController().signal, (notice) => told.push(notice));
      return transport;
    },
    byHand: () => connect({ servers: new URL(broker.url).host, user: "all", pass: "all" }),
  };
}
