import { DiscardPolicy, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { startForTests } from "@waybill/brokers/for-tests";
import type { Delivery, Settlement, Subscription, Transport } from "@waybill/core/transport";
import { describe, expect, it, vi } from "vitest";
import { deadLettersStream } from "../src/topology/names.ts";
import { consumedFrom, messageTo, sourceOf, topologyOf } from "./queues.ts";
import { LIMIT_MS, usersOf } from "./users.ts";

const ONE_USER = "authorization { users: [{ user: all, password: all }] }";
const WINDOW = 4;

const broker = await startForTests("nats", { config: [ONE_USER] });

describe.skipIf(broker === undefined)("dead letters that NATS cannot store", () => {
  if (broker === undefined) return;
  const { open, openClient } = usersOf(broker);

  it.each<readonly [string, (jsm: JetStreamManager, stream: string) => Promise<unknown>]>([
    ["is missing", (jsm, stream) => jsm.streams.delete(stream)],
    ["is full", (jsm, stream) => jsm.streams.update(stream, { max_msgs: 1, discard: DiscardPolicy.New })],
  ])(
    "if their stream %s: the source is reported as impaired, other messages and sources go on, and nothing is lost",
    async (how, spoil) => {
      const name = `shop.${how.replace(" ", "-")}`;
      const other = `${name}.other`;
      const transport = await open();
      for (const each of [name, other]) await transport.provision(topologyOf(each), "apply");
      const nc = await openClient();
      await spoil(await jetstreamManager(nc), deadLettersStream(name));
      await nc.close();

      const handled: string[] = [];
      const problems: (string | undefined)[] = [];
      const bad = Array.from({ length: WINDOW + 1 }, () => messageTo(name));
      const good = Array.from({ length: 10 }, () => messageTo(name));
      const isBad = ({ message }: Delivery): boolean => bad.some(({ id }) => id === message.id);
      const reader = await subscribed(transport, name, {
        answer: (delivery) => {
          if (isBad(delivery)) return { type: "dead-letter", headers: {} };
          handled.push(delivery.message.id);
          return { type: "ack" };
        },
        report: (problem) => problems.push(problem),
      });
      const elsewhere = await consumedFrom(transport, sourceOf(other));
      await transport.publish([...bad, ...good, messageTo(other)]);
      await vi.waitFor(() => expect(handled).toHaveLength(good.length), LIMIT_MS);
      await vi.waitFor(() => expect(elsewhere).toHaveLength(1), LIMIT_MS);
      expect(problems).toEqual([expect.stringContaining(`stream ${deadLettersStream(name)}`)]);

      // An operator repairs the stream, and the next process receives all messages that could not be stored.
      await reader.drain(Date.now() + 5_000);
      const jsm = await jetstreamManager(await openClient());
      await jsm.streams.delete(deadLettersStream(name)).catch(() => undefined);
      const next = await open();
      await next.provision(topologyOf(name), "apply");
      await consumedFrom(next, sourceOf(name), () => ({ type: "dead-letter", headers: {} }));
      const letters = await consumedFrom(next, { kind: "dead-letters", group: name });
      const missing = how === "is full" ? WINDOW : WINDOW + 1; // the full stream had space for one message
      await vi.waitFor(
        () => expect(new Set(letters.map(({ message }) => message.id)).size).toBe(missing),
        LIMIT_MS,
      );
    },
    LIMIT_MS,
  );
});

interface Reading {
  readonly answer: (delivery: Delivery) => Settlement;
  readonly report: (problem: string | undefined) => void;
}

async function subscribed(
  transport: Transport,
  name: string,
  { answer, report }: Reading,
): Promise<Subscription> {
  const deliver = (delivery: Delivery): Promise<Settlement> => Promise.resolve(answer(delivery));
  const subscription = await transport.subscribe(sourceOf(name), deliver, report);
  subscription.credit(WINDOW);
  return subscription;
}
