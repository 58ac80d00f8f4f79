import { describe, expect, it } from "vitest";
import type { WireMessage } from "../../spi/wire-message.ts";
import { ACK, type Delivery, type Settlement } from "../../spi/settlement.ts";
import { DeliveryDispatcher } from "./delivery-dispatcher.ts";

interface Parcel extends Delivery {
  readonly name: string;
  isLive: boolean;
}

const parcel = (name: string): Parcel => ({
  name,
  isLive: true,
  message: {} as WireMessage,
  attempt: 1,
  attemptSource: "broker",
  lane: undefined,
  signal: new AbortController().signal,
});

/** Feeds with names, a member that answers when it is told to, and what it saw. */
function stage(feeds: readonly (readonly string[])[]) {
  const waiting = feeds.map((names) => names.map(parcel));
  const running = new Map<string, { parcel: Parcel; answer: (settlement: Settlement) => void }>();
  const begun: string[] = [];
  const settled: string[] = [];
  const handOut: DeliveryDispatcher<{ next: () => Parcel | undefined }, Parcel> = new DeliveryDispatcher({
    feeds: waiting.map((parcels) => ({ next: () => parcels.shift() })),
    deliver: (delivery) => {
      const { name } = delivery as Parcel;
      begun.push(name);
      if (name === "throws") throw new Error("must not");
      if (name === "rejects") return Promise.reject(new Error("must not"));
      return new Promise((answer) => running.set(name, { parcel: delivery as Parcel, answer }));
    },
    settle: (_, { name }, { type }) => {
      settled.push(`${name} ${type}`);
      handOut.free();
    },
  });
  const end = async (name: string): Promise<void> => {
    running.get(name)?.answer(ACK);
    await Promise.resolve();
  };
  return { handOut, waiting, running, begun, settled, end };
}

describe("handing out", () => {
  it("takes turns, up to the window, and goes on as room is freed", async () => {
    const { handOut, begun, settled, end } = stage([["a1", "a2", "a3"], [], ["c1", "c2"]]);
    handOut.dispatch();
    expect(begun).toEqual([]);
    handOut.window = 3;
    expect(begun).toEqual(["a1", "c1", "a2"]);
    await end("c1");
    expect(begun.slice(3)).toEqual(["c2"]);
    await end("a1");
    await end("a2");
    expect(begun.slice(4)).toEqual(["a3"]);
    expect(settled).toEqual(["c1 ack", "a1 ack", "a2 ack"]);
  });

  it("lets a lower window take effect as deliveries are settled", async () => {
    const { handOut, begun, end } = stage([["1", "2", "3", "4"]]);
    handOut.window = 3;
    handOut.window = 1;
    await end("1");
    await end("2");
    expect(begun).toEqual(["1", "2", "3"]);
    await end("3");
    expect(begun).toEqual(["1", "2", "3", "4"]);
  });

  it("hands out what comes later", () => {
    const { handOut, waiting, begun } = stage([[]]);
    handOut.window = 1;
    waiting[0]?.push(parcel("late"));
    handOut.dispatch();
    expect(begun).toEqual(["late"]);
  });

  it("ignores the answer to what was taken back, whose room is free already", async () => {
    const { handOut, running, begun, settled, end } = stage([["1", "2", "3"]]);
    handOut.window = 1;
    const first = running.get("1");
    if (first !== undefined) first.parcel.isLive = false;
    handOut.free();
    await end("1");
    expect(settled).toEqual([]);
    expect(begun).toEqual(["1", "2"]);
  });

  it("brings back what a consumer fails on, after a pause", async () => {
    const { handOut, settled } = stage([["throws", "rejects"]]);
    handOut.window = 2;
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual(["throws retry", "rejects retry"]);
  });

  it("hands out nothing once it was stopped; what runs is settled", async () => {
    const { handOut, begun, settled, end } = stage([["1", "2"]]);
    handOut.window = 1;
    handOut.stop();
    await end("1");
    expect(begun).toEqual(["1"]);
    expect(settled).toEqual(["1 ack"]);
  });
});
