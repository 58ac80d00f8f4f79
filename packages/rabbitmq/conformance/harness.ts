import { REAL_PACE, type Harness } from "@waybill/conformance";
import { realWorld } from "@waybill/conformance/proxy";
import { systemGround } from "@waybill/core/transport";
import { rabbitmqTransport } from "../src/index.ts";

/** Of the transports under test, in seconds: short, so that a silent connection is soon noticed. */
const HEARTBEAT_S = 1;

export interface Broker {
  readonly url: string;
}

/** A RabbitMQ in a process of its own, on which all scenarios meet. */
export function rabbitmqHarness(name: string, { url }: Broker): Harness {
  const { hostname, port, username, password } = new URL(url);
  const credentials = `${username}:${password}`;
  return {
    name,
    pace: { ...REAL_PACE, leaseMs: 1_000, heartbeatMs: HEARTBEAT_S * 1_000 },
    open: () =>
      Promise.resolve(
        realWorld({
          broker: { host: hostname, port: Number(port) },
          transport: ({ host, port }) =>
            rabbitmqTransport(
              { url: `amqp://${credentials}@${host}:${port}`, heartbeatSeconds: HEARTBEAT_S },
              systemGround,
            ),
        }),
      ),
  };
}
