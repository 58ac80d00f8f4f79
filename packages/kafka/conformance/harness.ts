import type { OwnBroker } from "@waybill/brokers";
import { REAL_PACE, type Harness } from "@waybill/conformance";
import { kafkaConfirmations, realWorld } from "@waybill/conformance/proxy";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Source } from "@waybill/core/transport";
import { deleteTopics, sweep } from "./sweep.ts";
import { kafkaTransport } from "../src/index.ts";
import { Names, deadLetterTopicName, delayTopicName } from "../src/topology/names.ts";
import { kafkaWriter } from "./raw-writer.ts";

/** Of the transports under test: short, so that a silent connection is soon noticed and a member that vanished replaced. */
const TIMES = { heartbeatMs: 1_000, sessionMs: 3_000, deliveryTimeoutMs: 3_000 } as const;

/** What only this source reads: not the topic that other groups read too. */
function topicsOf(source: Source): (topic: string) => boolean {
  const names = new Names();
  const place =
    source.kind === "queue"
      ? names.queue(source.name)
      : source.kind === "topic"
        ? names.groupTopic(source.name, source.group)
        : deadLetterTopicName(source.group);
  return (topic) => topic === place || topic === delayTopicName(place);
}

/** A Kafka in a process of its own, on which all scenarios meet. */
export function kafkaHarness(name: string, broker: OwnBroker): Harness {
  const [, host = "", port = ""] = /^kafka:\/\/([^:]+):(\d+)/.exec(broker.url) ?? [];
  return {
    name,
    pace: { ...REAL_PACE, leaseMs: 2 * TIMES.sessionMs, heartbeatMs: TIMES.heartbeatMs },
    open: () => {
      const world = realWorld({
        broker: { host, port: Number(port) },
        // The broker tells every client its own address; through the proxy goes who is told otherwise.
        transport: (address) =>
          kafkaTransport(
            { url: `kafka://${address.host}:${address.port}`, brokerAddress: () => address, ...TIMES },
            systemEnvironment,
          ),
        confirmations: kafkaConfirmations,
        faults: {
          deleteSource: (source) => deleteTopics(`${host}:${port}`, topicsOf(source)),
        },
        raw: kafkaWriter(`${host}:${port}`),
        process: {
          restart: () => broker.restart(),
          kill: async () => {
            await broker.kill9();
            await broker.start();
          },
          pause: () => broker.pause(),
          resume: () => broker.resume(),
        },
      });
      return Promise.resolve({
        ...world,
        async close() {
          await world.close();
          await sweep(`${host}:${port}`).catch(() => undefined);
        },
      });
    },
  };
}
