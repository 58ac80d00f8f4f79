import { connect } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import {
  ACK,
  NO_HEADERS,
  systemGround,
  type Delivery,
  type Source,
  type WireMessage,
} from "@waybill/core/transport";
import { afterAll, describe, expect, it, vi } from "vitest";
import { natsTransport } from "../src/index.ts";
import { OWNER, lanesWord, membersSubject, ownerSubject, queueStream } from "../src/names.ts";

const QUEUE = "shop.lanes";
const LANES = lanesWord(queueStream(QUEUE), OWNER);
const LIMIT_MS = 30_000;

const broker = await startForTests("nats");

describe.skipIf(broker === undefined)("lanes on NATS", () => {
  if (broker === undefined) return;
  afterAll(() => broker.end(), LIMIT_MS);

  it(
    "a lane that is freed for a member who never takes it is handed over once: no attempts pile up until it is read again",
    async () => {
      const transport = natsTransport({ url: broker.url, leaseSeconds: 1 }, systemGround);
      const nc = await connect({ servers: new URL(broker.url).host });
      try {
        await transport.connect(new AbortController().signal);
        await transport.provision(
          {
            queues: [{ name: QUEUE, lanes: 2 }],
            topics: [],
            groups: [],
            services: [],
          },
          "apply",
        );
        const seen: Delivery[] = [];
        const source: Source = {
          kind: "queue",
          name: QUEUE,
          group: QUEUE,
          lanes: 2,
        };
        const subscription = await transport.subscribe(source, (delivery) => {
          seen.push(delivery);
          return Promise.resolve(ACK);
        });
        subscription.credit(4);
        await transport.publish([0, 1].map((lane) => messageIn(lane, "before")));
        await vi.waitFor(() => expect(seen).toHaveLength(2), LIMIT_MS);

        const freed: string[] = [];
        nc.subscribe(ownerSubject(LANES, "*"), {
          callback: (_, { subject, data }) => {
            if (data.length === 0) freed.push(subject);
          },
        });
        nc.publish(membersSubject(LANES), "somebody-who-is-gone-at-once");
        await vi.waitFor(() => expect(freed).not.toEqual([]), LIMIT_MS);
        await transport.publish([messageIn(1, "after")]);
        await vi.waitFor(() => expect(seen).toHaveLength(3), LIMIT_MS);

        expect(freed).toEqual([ownerSubject(LANES, 1)]);
        expect(seen[2]?.message.id).toBe("after 1");
        expect(seen[2]?.attempt).toBeLessThanOrEqual(freed.length + 1);
      } finally {
        await transport.close(Date.now());
        await nc.close();
      }
    },
    LIMIT_MS,
  );
});

function messageIn(lane: number, id: string): WireMessage {
  return {
    id: `${id} ${lane}`,
    destination: { kind: "queue", name: QUEUE },
    body: new TextEncoder().encode("{}"),
    contentType: "application/json",
    headers: NO_HEADERS,
    type: "placed",
    correlationId: undefined,
    key: String(lane),
    lane,
    deliverAt: undefined,
  };
}
