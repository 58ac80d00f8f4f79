import { type Bus, type BusOptions, createBus, event, command } from "@waybill/core";
import { seededRandom, VirtualClock } from "@waybill/core/transport-kit/testing";
import type { Environment } from "@waybill/core/transport";
import { MemoryBroker, MemoryTransport } from "@waybill/memory";
import { z } from "zod";

/** The contracts of the scenarios. */
export const Ask = command("owner.ask", {
  data: z.object({ n: z.number() }),
  reply: z.object({ twice: z.number() }),
});
export const Act = command("owner.act", { data: z.object({ n: z.number() }) });
export const ActInOrder = command("owner.act-in-order", {
  data: z.object({ key: z.string(), n: z.number() }),
  key: ({ key }) => key,
});
export const Happened = event("facts.happened", { data: z.object({ n: z.number() }) });
export const Followed = event("facts.followed", { data: z.object({ n: z.number() }) });
export const Kept = event("facts.kept", { data: z.object({ n: z.number() }), retain: "30d" });

/** No retries, for scenarios about other features. */
export const ONE_TRY = { immediate: 0, delayed: false } as const;

/** One broker in virtual time, with the buses of several processes. */
export class World {
  readonly clock = new VirtualClock();
  readonly environment: Environment = { clock: this.clock, random: seededRandom(7) };
  readonly broker = new MemoryBroker(this.environment);
  readonly #buses: Bus[] = [];

  transport(): MemoryTransport {
    return new MemoryTransport(this.broker);
  }

  /** Returns a started bus, as one process has it. */
  async bus(options: Partial<BusOptions> = {}): Promise<Bus> {
    const bus = await this.made(options);
    await bus.start();
    return bus;
  }

  async made(options: Partial<BusOptions> = {}): Promise<Bus> {
    const bus = await createBus({ transport: this.transport(), environment: this.environment, ...options });
    this.#buses.push(bus);
    return bus;
  }

  /** Runs all work that needs no time to pass. */
  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** Returns the result of a promise while virtual time passes. @throws Error if the promise takes longer than `ms` */
  async within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    const end = this.clock.now() + ms;
    await this.settle();
    while (!isDone && this.clock.now() < end) await this.clock.advance(Math.min(10, end - this.clock.now()));
    if (!isDone) throw new Error(`not done within ${ms} ms of virtual time`);
    return work;
  }

  /** Stops every bus. */
  async end(): Promise<void> {
    for (const bus of this.#buses.splice(0)) await this.within(60_000, bus.stop());
  }
}

/** Returns a promise and the function that resolves it, for handlers that wait. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Returns the error that a promise rejects with; throws when it resolves. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("expected a failure, but it succeeded");
}
