import { systemEnvironment } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import type { Cluster } from "../connection/protocol/cluster.ts";
import type { ProducerSession } from "./producer-session.ts";
import { produce } from "./produce.ts";

it.each([-1, 2, 99_999])(
  "rejects a batch for partition %d of a known topic that lacks it, without waiting for a leader",
  async (partition) => {
    const cluster = {
      topic: () => [1, 1],
      leaderOf: () => -1,
      lookUp: () => expect.fail("it waited for a leader"),
    } as unknown as Cluster;
    const session = { id: () => Promise.resolve({ producerId: "1", producerEpoch: 0 }) };
    const batch = { topic: "orders", partition, entries: [], isCompressed: false };
    const answers = await produce([batch], {
      cluster,
      environment: systemEnvironment,
      session: session as unknown as ProducerSession,
      giveUpAt: Infinity,
      isUp: () => true,
    });
    expect(answers.get(batch)).toMatchObject({ code: "rejected", maybeStored: false });
  },
);
