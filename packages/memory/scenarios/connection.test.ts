import { service } from "@waybill/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Act, failureOf, Happened, World } from "./world.ts";

let world: World;
beforeEach(() => void (world = new World()));
afterEach(() => world.end());

describe("while the broker is unreachable", () => {
  it("messages wait and are then sent in order, once each", async () => {
    const seen: number[] = [];
    await world.bus({
      services: [service("owner", { concurrency: 1 }).handle(Act, ({ n }) => void seen.push(n))],
    });
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Act] });
    const sent = [bus.send(Act, { n: 0 })];
    transport.cut();
    for (let n = 1; n < 2_500; n++) sent.push(bus.send(Act, { n }));
    await world.clock.advance(1_000);
    expect(bus.counters().waitingToSend).toBe(2_499);
    transport.restore();
    sent.push(bus.send(Act, { n: 2_500 }));
    await Promise.all(sent);
    await world.settle();
    expect(seen).toEqual(Array.from({ length: 2_501 }, (_, n) => n));
  });

  it("a message whose confirmation was lost is resent under the same id, before later messages", async () => {
    const seen: number[] = [];
    await world.bus({
      services: [service("owner", { concurrency: 1 }).handle(Act, ({ n }) => void seen.push(n))],
    });
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Act] });
    transport.loseConfirms(2);
    await world.within(1_000, Promise.all([1, 2, 3].map((n) => bus.send(Act, { n }))));
    await world.settle();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("messages fail at their timeout, and the error tells whether they may be stored", async () => {
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Act], timeouts: { publish: "5s" } });
    transport.loseConfirms(1);
    const doubtful = failureOf(bus.send(Act, { n: 1 }));
    transport.cut();
    const certain = failureOf(bus.send(Act, { n: 2 }));
    await world.clock.advance(5_100);
    expect(await doubtful).toMatchObject({ code: "publish-timeout", maybeStored: true });
    expect(await certain).toMatchObject({ code: "publish-timeout", maybeStored: false });
    expect(bus.counters().waitingToSend).toBe(0);
  });

  it("no more messages wait than the send buffer holds", async () => {
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Act], sendBuffer: 2 });
    transport.cut();
    const waiting = [bus.send(Act, { n: 1 }), bus.send(Act, { n: 2 })];
    expect(await failureOf(bus.send(Act, { n: 3 }))).toMatchObject({
      code: "buffer-full",
      maybeStored: false,
    });
    transport.restore();
    await Promise.all(waiting);
  });

  it("messages wait for a blocked broker too", async () => {
    const bus = await world.bus({ sends: [Happened] });
    world.broker.block();
    const sent = bus.publish(Happened, { n: 1 });
    await world.clock.advance(1_000);
    expect(bus.state()).toMatchObject({ status: "blocked", isReady: false });
    world.broker.unblock();
    await sent;
  });

  it("stop fails the waiting messages, and the error tells whether they may be stored", async () => {
    const transport = world.transport();
    const bus = await world.bus({ transport, sends: [Act] });
    transport.cut();
    const sent = failureOf(bus.send(Act, { n: 1 }));
    await world.within(3_100, bus.stop({ timeout: "3s" }));
    expect(await sent).toMatchObject({ code: "bus-stopped", maybeStored: false });
  });

  it("a message that is too large, unroutable or delayed too long fails at once", async () => {
    const bus = await world.bus({ sends: [Happened], provision: "none" });
    expect(await failureOf(bus.publish(Happened, { n: 1 }))).toMatchObject({
      code: "unroutable",
      maybeStored: false,
    });
    const other = await world.bus({ sends: [Happened] });
    expect(await failureOf(other.publish(Happened, { n: 1 }, { delay: "9999d" }))).toMatchObject({
      code: "delay-too-long",
    });
  });
});
