import { REAL_PACE, type Harness } from "@waybill/conformance";
import { realWorld } from "@waybill/conformance/proxy";
import { lanesOf, systemEnvironment } from "@waybill/core/transport-kit";
import type { Source } from "@waybill/core/transport";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { OwnBroker } from "@waybill/brokers";
import { natsTransport } from "../src/index.ts";
import {
  consumerName,
  deadLettersStream,
  groupConsumer,
  queueStream,
  topicStream,
} from "../src/topology/names.ts";
import { natsWriter } from "./raw-writer.ts";

/** Settings of the transports under test, in seconds; short, so that a silent connection and an expired lease are detected soon. */
const HEARTBEAT_S = 1;
const LEASE_S = 2;

async function deleteSource(servers: string, source: Source): Promise<void> {
  const connection = await connect({ servers });
  try {
    const { streams, consumers } = await jetstreamManager(connection);
    if (source.kind === "queue") await streams.delete(queueStream(source.name));
    else if (source.kind === "dead-letters") await streams.delete(deadLettersStream(source.group));
    else
      for (const lane of lanesOf(source.lanes))
        await consumers.delete(topicStream(source.name), consumerName(groupConsumer(source.group), lane));
  } finally {
    await connection.close();
  }
}

/** Returns the harness of a nats-server in its own process, which all scenarios share. */
export function natsHarness(name: string, broker: OwnBroker): Harness {
  const { hostname, port } = new URL(broker.url);
  return {
    name,
    pace: { ...REAL_PACE, leaseMs: 3 * LEASE_S * 1_000, heartbeatMs: HEARTBEAT_S * 1_000 },
    open: () =>
      Promise.resolve(
        realWorld({
          broker: { host: hostname, port: Number(port) },
          transport: ({ host, port: at }) =>
            natsTransport(
              { url: `nats://${host}:${at}`, heartbeatSeconds: HEARTBEAT_S, leaseSeconds: LEASE_S },
              systemEnvironment,
            ),
          faults: { deleteSource: (source) => deleteSource(`${hostname}:${port}`, source) },
          raw: natsWriter(`${hostname}:${port}`),
          process: {
            restart: () => broker.restart(),
            kill: async () => {
              await broker.kill9();
              await broker.start();
            },
            pause: () => broker.pause(),
            resume: () => broker.resume(),
          },
        }),
      ),
  };
}
