import { connect } from "@nats-io/transport-node";
import { startForTests } from "@waybill/brokers/for-tests";
import { ACK, type Transport } from "@waybill/core/transport";
import { laneOf } from "@waybill/core/transport-kit/testing";
import { systemEnvironment } from "@waybill/core/transport-kit";
import { afterAll, describe, expect, it, vi } from "vitest";
import { natsTransport } from "../src/index.ts";
import { OWNER, lanesToken, membersSubject, queueStream } from "../src/topology/names.ts";
import { NOTHING, messageTo, sourceOf, topologyOf } from "./queues.ts";

const LIMIT_MS = 60_000;
const LANES = 8;

const broker = await startForTests("nats");

describe.skipIf(broker === undefined)("announcements on NATS", () => {
  if (broker === undefined) return;
  const open: Transport[] = [];

  async function connected(warnings: string[] = []): Promise<Transport> {
    const transport = natsTransport({ url: broker?.url ?? "", leaseSeconds: 1 }, systemEnvironment);
    await transport.connect(new AbortController().signal, (text) => warnings.push(text));
    open.push(transport);
    return transport;
  }

  afterAll(async () => {
    await Promise.all(open.map((transport) => transport.close(Date.now())));
    await broker.end();
  }, LIMIT_MS);

  it(
    "every lane is read, even if members that do not exist are announced",
    async () => {
      const name = "shop.lanes";
      const source = { kind: "queue", name, group: name, lanes: LANES } as const;
      const transport = await connected();
      await transport.provision({ ...NOTHING, queues: [{ name, lanes: LANES }], services: [name] }, "apply");
      const seen = new Set<string>();
      const subscription = await transport.subscribe(source, async ({ message }) => {
        seen.add(message.id);
        return ACK;
      });
      subscription.credit(100);
      const client = await connect({ servers: new URL(broker.url).host });
      const subject = membersSubject(lanesToken(queueStream(name), OWNER));
      let announced = 0;
      const announcing = setInterval(() => {
        for (let ghost = 0; ghost < LANES - 1; ghost++) client.publish(subject, `ghost-${ghost}`);
        announced += 1;
      }, 200);
      try {
        // The member counts them, and releases lanes for them.
        await vi.waitFor(() => expect(announced).toBeGreaterThan(10), LIMIT_MS);
        for (let round = 0; round < 3; round++) {
          const messages = Array.from({ length: 64 }, (_, at) => {
            const key = `${round} ${at}`;
            return { ...messageTo(name), key, lane: laneOf(key, LANES) };
          });
          await transport.publish(messages);
          await vi.waitFor(() => expect(messages.filter(({ id }) => !seen.has(id))).toEqual([]), {
            timeout: 15_000,
            interval: 50,
          });
        }
      } finally {
        clearInterval(announcing);
        await client.close();
      }
    },
    LIMIT_MS,
  );

  it(
    "two services that read one queue are each warned of the other; two instances of one service are not",
    async () => {
      const name = "shop.owned";
      const first: string[] = [];
      const twin: string[] = [];
      const other: string[] = [];
      const provisioning = await connected();
      await provisioning.provision(topologyOf(name), "apply");
      for (const [warnings, group] of [
        [first, "shop"],
        [twin, "shop"],
        [other, "store"],
      ] as const) {
        const transport = await connected(warnings);
        await provisioning.provision({ ...NOTHING, services: [group] }, "apply");
        const subscription = await transport.subscribe({ ...sourceOf(name), group }, async () => ACK);
        subscription.credit(1);
        if (group === "shop") expect(warnings).toEqual([]);
      }
      await vi.waitFor(() => {
        for (const warnings of [first, twin])
          expect(warnings.join()).toMatch(/queue shop\.owned: shop here and store/);
        expect(other.join()).toMatch(/queue shop\.owned: store here and shop elsewhere/);
      }, LIMIT_MS);
    },
    LIMIT_MS,
  );
});
