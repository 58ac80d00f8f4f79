import { EventEmitter } from "node:events";
import type { Channel, ChannelModel } from "amqplib";
import { describe, expect, it } from "vitest";
import { QueueConsumer } from "./queue-consumer.ts";

/** A channel that answers. It may close in the moment in which its consumer starts. */
class FakeChannel extends EventEmitter {
  readonly #closesAtOnce: boolean;
  consumers = 0;

  constructor({ closesAtOnce }: { readonly closesAtOnce: boolean }) {
    super();
    this.#closesAtOnce = closesAtOnce;
  }

  async prefetch(): Promise<void> {}

  async consume(): Promise<{ readonly consumerTag: string }> {
    this.consumers += 1;
    if (this.#closesAtOnce) this.emit("close"); // both arrive together: amqplib handles the close before the answer
    return { consumerTag: "a tag" };
  }
}

function modelWith(channel: FakeChannel): ChannelModel {
  return { createChannel: async () => channel as unknown as Channel } as unknown as ChannelModel;
}

function consumer(losses: number[]): QueueConsumer {
  return new QueueConsumer({
    queue: "orders",
    queueToRead: async () => "orders",
    onBackfillHandled: () => undefined,
    lane: undefined,
    destination: { kind: "queue", name: "orders" },
    onArrival: () => undefined,
    onLoss: (inFlight) => void losses.push(inFlight),
  });
}

describe("a queue consumer", () => {
  it("consumes on the next channel if a channel closes while it starts to consume", async () => {
    const losses: number[] = [];
    const orders = consumer(losses);
    await orders.open(modelWith(new FakeChannel({ closesAtOnce: true })), 10);
    expect(losses).toEqual([0]);
    expect(orders.isOpen).toBe(false);

    const next = new FakeChannel({ closesAtOnce: false });
    await orders.open(modelWith(next), 10);
    expect(next.consumers).toBe(1);
    expect(orders.isOpen).toBe(true);
  });

  it("consumes once on a channel, even if it resumes several times", async () => {
    const channel = new FakeChannel({ closesAtOnce: false });
    const orders = consumer([]);
    await orders.open(modelWith(channel), 10);
    await orders.resume(20);
    expect(channel.consumers).toBe(1);
  });
});
