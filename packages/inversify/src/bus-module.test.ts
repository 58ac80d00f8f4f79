import { command, event, service, type Bus, type HandlerContext, type Messenger } from "@waybill/core";
import { Container, inject, injectable } from "inversify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { busModule } from "./bus-module.ts";
import { serviceOf } from "./service-of.ts";
import { Handles, On } from "./decorators.ts";
import { BUS, CORRELATION_ID, MESSAGE_CONTAINER, MESSAGE_CONTEXT, MESSENGER } from "./identifiers.ts";

const data = z.object({ order: z.number() });
const Dispatch = command("warehouse.dispatch", { data, reply: z.object({ trackingId: z.string() }) });
const Dispatched = event("warehouse.dispatched", { data });

let log: string[];
let container: Container;
beforeEach(() => {
  log = [];
  container = new Container();
  container.bind(Courier).toSelf().inSingletonScope();
  container.bind("log").toConstantValue(log);
});
afterEach(async () => container.unbindAllAsync());

@injectable()
class Courier {
  booked = 0;
  book(): string {
    this.booked += 1;
    return `T${this.booked}`;
  }
}

/** A dependency of a dependency of the handler; it has the context of its message. */
@injectable()
class Labels {
  readonly #messenger: Messenger;
  readonly #correlationId: string;
  constructor(@inject(MESSENGER) messenger: Messenger, @inject(CORRELATION_ID) correlationId: string) {
    this.#messenger = messenger;
    this.#correlationId = correlationId;
  }

  async print(order: number): Promise<string> {
    await this.#messenger.publish(Dispatched, { order });
    return this.#correlationId;
  }
}

@injectable()
class Warehouse {
  readonly #courier: Courier;
  readonly #labels: Labels;
  readonly #context: HandlerContext;
  constructor(
    @inject(Courier) courier: Courier,
    @inject(Labels) labels: Labels,
    @inject(MESSAGE_CONTEXT) context: HandlerContext,
  ) {
    this.#courier = courier;
    this.#labels = labels;
    this.#context = context;
  }

  @Handles(Dispatch, { recovery: { immediate: 0, delayed: false } })
  async dispatch({ order }: { order: number }, context: HandlerContext): Promise<{ trackingId: string }> {
    const correlationId = await this.#labels.print(order);
    if (order < 0) throw new Error("no such order");
    if (context !== this.#context) throw new Error("another context");
    return { trackingId: `${this.#courier.book()} ${correlationId === context.message.correlationId}` };
  }
}

@injectable()
class Mailer {
  readonly #log: string[];
  constructor(@inject("log") log: string[]) {
    this.#log = log;
  }

  @On(Dispatched)
  dispatched({ order }: { order: number }): void {
    this.#log.push(`mail about ${order}`);
  }
}

const SERVICES = [serviceOf("warehouse", [Warehouse]), serviceOf("mail", [Mailer])];

describe("a bus module", () => {
  it("gets handlers from the container, for each message with its own context and messenger", async () => {
    container.bind(Labels).toSelf();
    await container.loadAsync(busModule(container, { transport: "memory:", services: SERVICES }));
    const bus = container.get(BUS);
    await bus.start();
    const replies = await Promise.all([1, 2].map((order) => bus.request(Dispatch, { order })));
    expect(replies.map(({ trackingId }) => trackingId).sort()).toEqual(["T1 true", "T2 true"]);
    await expect(bus.request(Dispatch, { order: -1 })).rejects.toThrow("no such order");
    await bus.stop();
    expect(log.sort()).toEqual(["mail about 1", "mail about 2"]);
  });

  it("binds the bus as the messenger of classes outside of messages", async () => {
    const heard: number[] = [];
    const ear = service("ear").on(Dispatched, ({ order }) => void heard.push(order));
    await container.loadAsync(busModule(container, { transport: "memory:", services: [ear] }));
    const bus = container.get(BUS);
    await bus.start();
    await container.get(MESSENGER).publish(Dispatched, { order: 7 });
    await bus.stop();
    expect(heard).toEqual([7]);
  });

  it("refuses a class without handlers and a method that cannot be a handler", () => {
    expect(() => serviceOf("empty", [Courier])).toThrow("Class Courier of service empty has no handlers");
    expect(() => {
      class Static {
        readonly isEmpty = true;
        @On(Dispatched)
        static dispatched(): void {}
      }
      return Static;
    }).toThrow("it is static");
  });

  it("includes the handlers of base classes; a subclass that decorates a method again replaces its handler", async () => {
    const Other = event("warehouse.other", { data });
    class Base {
      @On(Dispatched)
      one({ order }: { order: number }): void {
        log.push(`${this.constructor.name} one ${order}`);
      }
      @On(Dispatched)
      two(): void {}
    }
    class Derived extends Base {
      @On(Other)
      override two(): void {
        log.push("derived two");
      }
    }
    const services = [serviceOf("derived", [Derived])];
    await container.loadAsync(busModule(container, { transport: "memory:", services }));
    const bus = container.get(BUS);
    await bus.start();
    await bus.publish(Dispatched, { order: 1 });
    await bus.publish(Other, { order: 1 });
    await bus.stop();
    expect(log.sort()).toEqual(["Derived one 1", "derived two"]);
  });
});

describe("the container of a message", () => {
  it("is disposed of after the handler's messages are stored, or after the try failed; each try has a new one", async () => {
    container.bind(Labels).toSelf();
    let opened = 0;
    @injectable()
    class Opener {
      readonly #own: Container;
      constructor(@inject(MESSAGE_CONTAINER) own: Container) {
        this.#own = own;
      }
      async run({ message }: HandlerContext, next: () => Promise<void>): Promise<void> {
        const id = ++opened;
        this.#own
          .bind<{ id: number }>("unit of work")
          .toDynamicValue(() => ({ id }))
          .inSingletonScope()
          .onDeactivation(async (unit) => {
            await Promise.resolve();
            log.push(`closed ${unit.id}`);
          });
        const unit = this.#own.get<{ id: number }>("unit of work");
        log.push(`opened ${unit.id} for ${message.type}`);
        await next();
      }
    }
    let tries = 0;
    class Flaky {
      @On(Dispatched, { recovery: { immediate: 1, delayed: false } })
      dispatched(): void {
        tries += 1;
        if (tries === 1) throw new Error("once");
      }
    }
    await container.loadAsync(
      busModule(container, {
        transport: "memory:",
        services: [serviceOf("flaky", [Flaky])],
        middleware: { incoming: [Opener] },
      }),
    );
    const bus = container.get(BUS);
    await bus.start();
    expect(bus.explain().incoming).toEqual(
      expect.arrayContaining(["middleware container", "middleware Opener"]),
    );
    await bus.publish(Dispatched, { order: 1 });
    await bus.stop();
    expect(log.filter((line) => line.startsWith("opened"))).toEqual([
      "opened 1 for warehouse.dispatched",
      "opened 2 for warehouse.dispatched",
    ]);
    expect(log.filter((line) => line.startsWith("closed")).sort()).toEqual(["closed 1", "closed 2"]);
  });

  it("is never the container of another message, even when it is requested after the handler has finished", async () => {
    container.bind<() => HandlerContext>("later").toDynamicValue(
      ({ get }) =>
        () =>
          get(MESSAGE_CONTEXT),
    );
    const finds: Promise<boolean>[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    @injectable()
    class Curious {
      readonly #later: () => HandlerContext;
      constructor(@inject("later") later: () => HandlerContext) {
        this.#later = later;
      }
      @On(Dispatched)
      dispatched(_: unknown, context: HandlerContext): void {
        finds.push(released.then(() => this.#later() === context));
      }
    }
    const services = [serviceOf("curious", [Curious])];
    await container.loadAsync(busModule(container, { transport: "memory:", services }));
    const bus = container.get(BUS);
    await bus.start();
    for (const order of [1, 2, 3]) await bus.publish(Dispatched, { order });
    await bus.stop();
    release();
    expect(await Promise.all(finds)).toEqual([true, true, true]);
  });

  it("is created for every try when the option children is given", async () => {
    const made: string[] = [];
    @injectable("Singleton")
    class Unit {
      constructor() {
        made.push("unit");
      }
      readonly isUnit = true;
    }
    @injectable()
    class Twice {
      constructor(@inject(Unit) one: Unit, @inject(Unit) other: Unit) {
        log.push(`same ${one === other}`);
      }
      @On(Dispatched)
      dispatched(): void {}
    }
    const services = [serviceOf("twice", [Twice])];
    const children = { autobind: true } as const;
    await container.loadAsync(busModule(container, { transport: "memory:", services, children }));
    const bus = container.get(BUS);
    await bus.start();
    for (const order of [1, 2]) await bus.publish(Dispatched, { order });
    await bus.stop();
    expect(made).toEqual(["unit", "unit"]);
    expect(log).toEqual(["same true", "same true"]);
  });

  it("does not create outgoing middleware, which the container of the bus creates", async () => {
    container.bind(Labels).toSelf();
    @injectable()
    class Stamp {
      readonly log: string[];
      constructor(@inject("log") log: string[]) {
        this.log = log;
      }
      run(envelope: { type: string }, next: (envelope: never) => Promise<void>): Promise<void> {
        this.log.push(`out ${envelope.type}`);
        return next(envelope as never);
      }
    }
    container.bind(Stamp).toSelf();
    await container.loadAsync(
      busModule(container, { transport: "memory:", services: SERVICES, middleware: { outgoing: [Stamp] } }),
    );
    const bus = container.get(BUS);
    await bus.start();
    await bus.request(Dispatch, { order: 1 });
    await bus.stop();
    expect(log).toEqual(expect.arrayContaining(["out warehouse.dispatch", "out warehouse.dispatched"]));
  });
});

describe("several buses in one container", () => {
  it("each have services and identifiers of their own", async () => {
    container.bind(Labels).toSelf();
    const EAST = Symbol("east");
    const services = { east: [serviceOf("mail", [Mailer])], west: SERVICES };
    await container.loadAsync(
      busModule(container, { id: EAST, transport: "memory:", services: services.east }),
      busModule(container, { transport: "memory:", services: services.west }),
    );
    const [east, west] = [container.get<Bus>(EAST), container.get(BUS)];
    await Promise.all([east.start(), west.start()]);
    await east.publish(Dispatched, { order: 1 });
    await west.request(Dispatch, { order: 2 });
    await east.stop();
    await west.publish(Dispatched, { order: 3 });
    await west.stop();
    expect(log.sort()).toEqual(["mail about 1", "mail about 2", "mail about 3"]);
  });
});
