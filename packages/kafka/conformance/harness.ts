import type { OwnBroker } from "@waybill/brokers";
import { REAL_PACE, type Harness } from "@waybill/conformance";
import { kafkaConfirmations, realWorld } from "@waybill/conformance/proxy";
import { systemEnvironment } from "@waybill/core/transport-kit";
import type { Source } from "@waybill/core/transport";
import { deleteTopics, deleteLeftTopics } from "./delete-topics.ts";
import { kafkaTransport } from "../src/index.ts";
import { Names, deadLetterTopicName, delayTopicName } from "../src/topology/names.ts";
import { kafkaWriter } from "./raw-writer.ts";

/** Short times, so that a silent connection is noticed and a vanished member replaced soon. */
const TIMES = { heartbeatMs: 1_000, sessionMs: 3_000, deliveryTimeoutMs: 3_000 } as const;

/** Selects the topics that only this source reads, without the topic that other groups read too. */
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

/** Returns the harness of a broker in a process of its own, which all scenarios share. */
export function kafkaHarness(name: string, broker: OwnBroker): Harness {
  const [, host = "", port = ""] = /^kafka:\/\/([^:]+):(\d+)/.exec(broker.url) ?? [];
  return {
    name,
    pace: { ...REAL_PACE, leaseMs: 2 * TIMES.sessionMs, heartbeatMs: TIMES.heartbeatMs },
    open: () => {
      const world = realWorld({
        broker: { host, port: Number(port) },
        // The broker advertises its own address to every client; the mapper leads through the proxy.
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
          await deleteLeftTopics(`${host}:${port}`).catch(() => undefined);
        },
      });
    },
  };
}
