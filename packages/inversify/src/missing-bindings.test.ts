import { command, event, type HandlerContext } from "@waybill/core";
import { Container, inject, injectable } from "inversify";
import { expect, it } from "vitest";
import { z } from "zod";
import { busModule } from "./bus-module.ts";
import { serviceOf } from "./class-service.ts";
import { Handles, On } from "./decorators.ts";
import { BUS, MESSAGE_CONTEXT } from "./identifiers.ts";

const data = z.object({ order: z.number() });
const Dispatch = command("warehouse.dispatch", { data });
const Dispatched = event("warehouse.dispatched", { data });

it("names what is missing for every handler at start, makes nothing, and does not start", async () => {
  const container = new Container();
  const made: string[] = [];
  @injectable()
  class Counted {
    readonly count = 1;
    constructor() {
      made.push("counted");
    }
  }
  @injectable()
  class Warehouse {
    constructor(@inject("labels") _labels: string) {
      made.push("warehouse");
    }
    @Handles(Dispatch)
    dispatch(): void {}
  }
  @injectable()
  class Lost {
    constructor(@inject(Counted) _counted: Counted, @inject("nowhere") _nowhere: string) {
      made.push("lost");
    }
    @On(Dispatched)
    dispatched(): void {}
  }
  @injectable()
  class Guard {
    readonly keys: string;
    constructor(@inject("keys") keys: string) {
      this.keys = keys;
    }
    run(_: HandlerContext, next: () => Promise<void>): Promise<void> {
      return next();
    }
  }
  container.bind(Counted).toSelf();
  const services = [serviceOf("warehouse", [Warehouse]), serviceOf("lost", [Lost])];
  const middleware = { incoming: [Guard], outgoing: ["unbound step"] };
  const residents = ["pool"];
  await container.loadAsync(busModule(container, { transport: "memory:", services, middleware, residents }));
  const bus = container.get(BUS);
  const error: unknown = await bus.start().catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "binding-missing" });
  expect(String(error).split("; ")).toEqual([
    expect.stringContaining(
      'cannot make 5 of what the bus needs: resident pool: No bindings found for service: "pool"',
    ),
    expect.stringContaining("outgoing middleware unbound step: No bindings found"),
    'Warehouse in service warehouse (dispatch for warehouse.dispatch): No bindings found for service: "labels". Trying to resolve bindings for "Warehouse"',
    expect.stringContaining(
      'Lost in service lost (dispatched for warehouse.dispatched): No bindings found for service: "nowhere"',
    ),
    expect.stringContaining('incoming middleware Guard: No bindings found for service: "keys"'),
  ]);
  expect(made).toEqual([]);
  expect(bus.state().status).toBe("stopped");
  await expect(bus.start()).rejects.toMatchObject({ code: "binding-missing" });
});

it("lets a handler ask for what only its message has; a resident must not", async () => {
  const container = new Container();
  @injectable()
  class Ear {
    readonly context: HandlerContext;
    constructor(@inject(MESSAGE_CONTEXT) context: HandlerContext) {
      this.context = context;
    }
    @On(Dispatched)
    dispatched(): void {}
  }
  container
    .bind("pool")
    .toResolvedValue((context) => context, [MESSAGE_CONTEXT])
    .inSingletonScope();
  const services = [serviceOf("ear", [Ear])];
  await container.loadAsync(busModule(container, { transport: "memory:", services, residents: ["pool"] }));
  await expect(container.get(BUS).start()).rejects.toThrow(
    "cannot make 1 of what the bus needs: resident pool",
  );
});
