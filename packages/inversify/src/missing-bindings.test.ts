import { command, event, type HandlerContext } from "@waybill/core";
import { Container, inject, injectable } from "inversify";
import { expect, it } from "vitest";
import { z } from "zod";
import { busModule } from "./bus-module.ts";
import { serviceOf } from "./service-of.ts";
import { Handles, On } from "./decorators.ts";
import { BUS, MESSAGE_CONTAINER, MESSAGE_CONTEXT } from "./identifiers.ts";

const data = z.object({ order: z.number() });
const Dispatch = command("warehouse.dispatch", { data });
const Dispatched = event("warehouse.dispatched", { data });

it("start names the missing bindings of every handler, creates nothing and rejects", async () => {
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
      'cannot create 5 dependencies of the bus: resident pool: No bindings found for service: "pool"',
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

it("a handler may depend on the bindings of its message; a resident may not", async () => {
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
    "cannot create a dependency of the bus: resident pool",
  );
});

const Ask = command("office.ask", { data, reply: z.object({ tenant: z.string() }) });

@injectable()
class BindsTenant {
  readonly #own: Container;
  constructor(@inject(MESSAGE_CONTAINER) own: Container) {
    this.#own = own;
  }
  run(_: HandlerContext, next: () => Promise<void>): Promise<void> {
    this.#own.bind("tenant").toConstantValue("acme");
    return next();
  }
}

@injectable()
class Office {
  readonly tenant: string;
  constructor(@inject("tenant") tenant: string) {
    this.tenant = tenant;
  }
  @Handles(Ask)
  ask(): { tenant: string } {
    return { tenant: this.tenant };
  }
}

const office = {
  transport: "memory:",
  services: [serviceOf("office", [Office])],
  middleware: { incoming: [BindsTenant] },
};

it.each([
  [
    "warns about handlers that depend on them",
    undefined,
    ["Handlers fail unless middleware adds their missing bindings: Office in"],
  ],
  ["does not warn when they are listed", ["tenant"], []],
])("accepts bindings that middleware adds for the handler, and %s", async (_, boundByMiddleware, told) => {
  const container = new Container();
  const warnings: string[] = [];
  const options = { ...office, onWarning: (warning: string) => void warnings.push(warning) };
  await container.loadAsync(
    busModule(container, boundByMiddleware === undefined ? options : { ...options, boundByMiddleware }),
  );
  const bus = container.get(BUS);
  await bus.start();
  expect(await bus.request(Ask, { order: 1 })).toEqual({ tenant: "acme" });
  await bus.stop();
  expect(warnings).toHaveLength(told.length);
  for (const [at, text] of told.entries()) expect(warnings[at]).toContain(text);
});

it("refuses a missing binding of a handler when middleware binds something else or cannot bind", async () => {
  for (const wrong of [
    { ...office, boundByMiddleware: ["customer"] },
    { ...office, middleware: {} },
  ]) {
    const container = new Container();
    await container.loadAsync(busModule(container, wrong));
    await expect(container.get(BUS).start()).rejects.toThrow(
      /No bindings found for service: "tenant".*boundByMiddleware/,
    );
  }
});
