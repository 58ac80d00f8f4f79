import { EventEmitter } from "node:events";
import type { Channel, ChannelModel } from "amqplib";
import { describe, expect, it } from "vitest";
import { QueueConsumer } from "./queue-consumer.ts";

/** A channel that answers, and on which the consumer may begin in the same moment as it ends. */
class FakeChannel extends EventEmitter {
  readonly #endsAtOnce: boolean;
  consumers = 0;

  constructor({ endsAtOnce }: { readonly endsAtOnce: boolean }) {
    super();
    this.#endsAtOnce = endsAtOnce;
  }

  async prefetch(): Promise<void> {}

  async consume(): Promise<{ readonly consumerTag: string }> {
    this.consumers += 1;
    if (this.#endsAtOnce) this.emit("close"); // both in one piece of bytes: the answer is heard after the end
    return { consumerTag: "a tag" };
  }
}

function modelWith(channel: FakeChannel): ChannelModel {
  return { createChannel: async () => channel as unknown as Channel } as unknown as ChannelModel;
}

function consumer(losses: number[]): QueueConsumer {
  return new QueueConsumer({
    queue: "orders",
    present: async () => "orders",
    onPastHandled: () => undefined,
    lane: undefined,
    destination: { kind: "queue", name: "orders" },
    onArrival: () => undefined,
    onLoss: (open) => void losses.push(open),
  });
}

describe("an inlet", () => {
  it("consumes again on the next channel, though the last one ended in the moment it began to", async () => {
    const losses: number[] = [];
    const orders = consumer(losses);
    await orders.open(modelWith(new FakeChannel({ endsAtOnce: true })), 10);
    expect(losses).toEqual([0]);
    expect(orders.isOpen).toBe(false);

    const next = new FakeChannel({ endsAtOnce: false });
    await orders.open(modelWith(next), 10);
    expect(next.consumers).toBe(1);
    expect(orders.isOpen).toBe(true);
  });

  it("consumes once on a channel, however often it is told to go on", async () => {
    const channel = new FakeChannel({ endsAtOnce: false });
    const orders = consumer([]);
    await orders.open(modelWith(channel), 10);
    await orders.resume(20);
    expect(channel.consumers).toBe(1);
  });
});
