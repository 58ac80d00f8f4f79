import { event, service } from "@waybill/core";
import type { Capabilities, CapabilityName } from "@waybill/core/transport";
import { MemoryTransport } from "@waybill/memory";
import { describe, expect, it } from "vitest";
import { ActInOrder, failureOf, Kept, World } from "./world.ts";

/** A broker without some capabilities. */
class Limited extends MemoryTransport {
  override readonly capabilities: Capabilities;

  constructor(world: World, ...missing: readonly CapabilityName[]) {
    super(world.broker);
    const { capabilities: all } = new MemoryTransport(world.broker);
    const none = missing.map(
      (name) => [name, { ...all[name], level: "none", reason: `no ${name} here` }] as const,
    );
    this.capabilities = { ...all, ...Object.fromEntries(none) };
  }
}

describe("a contract or handler that needs a missing capability", () => {
  it("is refused at start: the error names every one with its reason, and nothing is created", async () => {
    const world = new World();
    const transport = new Limited(world, "order", "history", "retryDelay");
    const owner = service("owner").handle(ActInOrder, () => undefined);
    const late = service("late", { recovery: { delayed: false } }).on(Kept, () => undefined, {
      from: "earliest",
    });
    const bus = await world.made({ transport, services: [owner, late] });
    const error = String(await failureOf(bus.start()));
    expect(error).toContain("[capability-missing]");
    expect(error).toContain("order for queue owner.act-in-order (no order here)");
    expect(error).toContain("history for group late of topic facts.kept (no history here)");
    expect(error).toContain("retryDelay for a delayed retry of owner.act-in-order in service owner");
    expect(error).not.toContain("retryDelay for a delayed retry of facts.kept");
    expect(world.broker.entities.queues.size).toBe(0);
    expect(bus.state().status).toBe("failed");
  });

  it("is refused when it exceeds a limit of the broker", async () => {
    const world = new World();
    const transport = new Limited(world);
    const { order, retryDelay } = transport.capabilities;
    Object.assign(transport.capabilities, {
      order: { ...order, mostLanes: 3 },
      retryDelay: { ...retryDelay, longestMs: 20_000 },
    });
    const owner = service("owner").handle(ActInOrder, () => undefined);
    const bus = await world.made({ transport, services: [owner] });
    const error = String(await failureOf(bus.start()));
    expect(error).toContain("order for queue owner.act-in-order (needs 4 lanes; at most 3 are supported)");
    expect(error).toContain("(the longest retry delay is 25 s; the broker allows 20 s)");
  });

  it("is refused before its first message is sent, when it is not declared", async () => {
    const world = new World();
    const bus = await world.bus({ transport: new Limited(world, "history") });
    expect(await failureOf(bus.publish(Kept, { n: 1 }))).toMatchObject({ code: "capability-missing" });
    const plain = event("facts.plain", { data: Kept.data });
    await bus.publish(plain, { n: 1 });
    await world.end();
  });
});
