import { describe, expect, it } from "vitest";
import type { WireMessage } from "../../spi/wire-message.ts";
import { ACK, type Delivery, type Settlement } from "../../spi/settlement.ts";
import { DeliveryDispatcher } from "./delivery-dispatcher.ts";

interface TestDelivery extends Delivery {
  readonly name: string;
  isLive: boolean;
}

const deliveryOf = (name: string): TestDelivery => ({
  name,
  isLive: true,
  message: {} as WireMessage,
  attempt: 1,
  attemptSource: "broker",
  lane: undefined,
  signal: new AbortController().signal,
});

/** A dispatcher over named feeds, with a consumer that settles when the test says so, and a record of its calls. */
function stage(feeds: readonly (readonly string[])[]) {
  const waiting = feeds.map((names) => names.map(deliveryOf));
  const running = new Map<string, { delivery: TestDelivery; answer: (settlement: Settlement) => void }>();
  const started: string[] = [];
  const settled: string[] = [];
  const dispatcher: DeliveryDispatcher<{ next: () => TestDelivery | undefined }, TestDelivery> =
    new DeliveryDispatcher({
      feeds: waiting.map((deliveries) => ({ next: () => deliveries.shift() })),
      deliver: (delivery) => {
        const { name } = delivery as TestDelivery;
        started.push(name);
        if (name === "throws") throw new Error("must not");
        if (name === "rejects") return Promise.reject(new Error("must not"));
        return new Promise((answer) => running.set(name, { delivery: delivery as TestDelivery, answer }));
      },
      settle: (_, { name }, { type }) => {
        settled.push(`${name} ${type}`);
        dispatcher.free();
      },
    });
  const end = async (name: string): Promise<void> => {
    running.get(name)?.answer(ACK);
    await Promise.resolve();
  };
  return { dispatcher, waiting, running, started, settled, end };
}

describe("a dispatcher of deliveries", () => {
  it("reads its feeds in turns up to the window, and goes on as deliveries are settled", async () => {
    const { dispatcher, started, settled, end } = stage([["a1", "a2", "a3"], [], ["c1", "c2"]]);
    dispatcher.dispatch();
    expect(started).toEqual([]);
    dispatcher.window = 3;
    expect(started).toEqual(["a1", "c1", "a2"]);
    await end("c1");
    expect(started.slice(3)).toEqual(["c2"]);
    await end("a1");
    await end("a2");
    expect(started.slice(4)).toEqual(["a3"]);
    expect(settled).toEqual(["c1 ack", "a1 ack", "a2 ack"]);
  });

  it("applies a lower window as deliveries are settled", async () => {
    const { dispatcher, started, end } = stage([["1", "2", "3", "4"]]);
    dispatcher.window = 3;
    dispatcher.window = 1;
    await end("1");
    await end("2");
    expect(started).toEqual(["1", "2", "3"]);
    await end("3");
    expect(started).toEqual(["1", "2", "3", "4"]);
  });

  it("dispatches a delivery that arrives later", () => {
    const { dispatcher, waiting, started } = stage([[]]);
    dispatcher.window = 1;
    waiting[0]?.push(deliveryOf("late"));
    dispatcher.dispatch();
    expect(started).toEqual(["late"]);
  });

  it("ignores the settlement of a revoked delivery, which has left the window already", async () => {
    const { dispatcher, running, started, settled, end } = stage([["1", "2", "3"]]);
    dispatcher.window = 1;
    const first = running.get("1");
    if (first !== undefined) first.delivery.isLive = false;
    dispatcher.free();
    await end("1");
    expect(settled).toEqual([]);
    expect(started).toEqual(["1", "2"]);
  });

  it("retries a message later when its consumer throws or rejects", async () => {
    const { dispatcher, settled } = stage([["throws", "rejects"]]);
    dispatcher.window = 2;
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual(["throws retry", "rejects retry"]);
  });

  it("dispatches nothing once it is stopped, but settles deliveries in flight", async () => {
    const { dispatcher, started, settled, end } = stage([["1", "2"]]);
    dispatcher.window = 1;
    dispatcher.stop();
    await end("1");
    expect(started).toEqual(["1"]);
    expect(settled).toEqual(["1 ack"]);
  });
});
