import { event, service } from "@waybill/core";
import { Container } from "inversify";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { busModule } from "./bus-module.ts";
import { BUS } from "./identifiers.ts";

const Dispatched = event("warehouse.dispatched", { data: z.object({ order: z.number() }) });

let log: string[];
let container: Container;
beforeEach(() => {
  log = [];
  container = new Container();
});

describe("start and stop", () => {
  /** A resident that records its activation and deactivation. */
  function resident(name: string, failing?: string): void {
    container
      .bind(name)
      .toDynamicValue(async () => {
        await Promise.resolve();
        if (failing !== undefined) throw new Error(failing);
        return { name };
      })
      .inSingletonScope();
    container.onActivation(name, (_, made) => {
      log.push(`activated ${name}`);
      return made;
    });
    container.onDeactivation(name, () => void log.push(`deactivated ${name}`));
  }

  const ear = service("ear").on(Dispatched, ({ order }) => void log.push(`heard ${order}`));

  it("activate residents before the first message and deactivate them in reverse order after the last one", async () => {
    resident("pool");
    resident("cache");
    const residents = ["pool", "cache"];
    await container.loadAsync(busModule(container, { transport: "memory:", services: [ear], residents }));
    const bus = container.get(BUS);
    expect(log).toEqual([]);
    await bus.start();
    await bus.publish(Dispatched, { order: 1 });
    await bus.stop();
    await bus.stop();
    expect(log).toEqual([
      "activated pool",
      "activated cache",
      "heard 1",
      "deactivated cache",
      "deactivated pool",
    ]);
    expect(container.isBound("pool")).toBe(false);
  });

  it("deactivate the earlier residents when one cannot be created", async () => {
    resident("pool");
    resident("cache", "no memory left");
    const residents = ["pool", "cache"];
    await container.loadAsync(busModule(container, { transport: "memory:", services: [ear], residents }));
    const bus = container.get(BUS);
    await expect(bus.start()).rejects.toThrow("no memory left");
    expect(log).toEqual(["activated pool", "deactivated pool"]);
    expect(bus.state().status).toBe("stopped");
  });

  it("deactivate all residents, even when one of them throws", async () => {
    resident("pool");
    resident("cache");
    container.onDeactivation("cache", () => {
      throw new Error("cache would not go");
    });
    const residents = ["pool", "cache"];
    await container.loadAsync(busModule(container, { transport: "memory:", services: [ear], residents }));
    const bus = container.get(BUS);
    await bus.start();
    await expect(bus.stop()).rejects.toThrow("cache would not go");
    expect(log).toContain("deactivated pool");
    expect(bus.state().status).toBe("stopped");
  });

  it("unloading the module stops the bus first", async () => {
    resident("pool");
    const module = busModule(container, { transport: "memory:", services: [ear], residents: ["pool"] });
    await container.loadAsync(module);
    const bus = container.get(BUS);
    await bus.start();
    await bus.publish(Dispatched, { order: 1 });
    await container.unloadAsync(module);
    expect(bus.state().status).toBe("stopped");
    expect(log).toEqual(["activated pool", "heard 1", "deactivated pool"]);
    expect(container.isBound(BUS)).toBe(false);
  });

  it("a second start is refused, as for any bus", async () => {
    await container.loadAsync(busModule(container, { transport: "memory:", services: [ear] }));
    const bus = container.get(BUS);
    const both = await Promise.allSettled([bus.start(), bus.start()]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(both[1]).toMatchObject({ reason: { code: "bus-already-started" } });
  });
});
