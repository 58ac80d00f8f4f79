import {
  createBus,
  type Bus,
  type BusOptions,
  type Command,
  type Contract,
  type Duration,
  type Event,
  type IncomingMiddleware,
  type InputOf,
  type Messenger,
  type OutgoingMiddleware,
  type Schema,
  type Service,
} from "@waybill/core";
import { MessagingError } from "@waybill/core/transport";
import { seededRandom, VirtualClock } from "@waybill/core/transport-kit/testing";
import { MemoryBroker, MemoryTransport } from "@waybill/memory";
import { milliseconds } from "../environment/milliseconds.ts";
import type { JournalLine } from "./journal.ts";
import { Recorder, type RecordedDeadLetter } from "./recorder.ts";
import { Seen } from "./seen.ts";
import { watchedTransport } from "./watched-transport.ts";

/** A service whose handlers a container creates, as `serviceOf` of `@waybill/inversify` returns it. */
export interface ContainedService {
  readonly name: string;
  createBus(options: object, container?: object): Promise<Bus>;
}

/** The options of a bus, without those that the test bus sets. */
export interface TestBusOptions extends Omit<
  BusOptions,
  "transport" | "services" | "environment" | "middleware"
> {
  /** The middleware of the bus. With services of a container, also the identifiers of middleware that the container creates. */
  readonly middleware?: {
    readonly incoming?: readonly (IncomingMiddleware | MadeMiddleware<IncomingMiddleware>)[];
    readonly outgoing?: readonly (OutgoingMiddleware | MadeMiddleware<OutgoingMiddleware>)[];
  };
  /** The container that creates the handlers of the services of `serviceOf`. Default: an empty one. */
  readonly container?: object;
  /** The seed of the random numbers; the same seed gives the same ids. Default 1. */
  readonly seed?: number;
}

type MadeMiddleware<Step extends { readonly run: unknown }> =
  | (new (...args: never[]) => Pick<Step, "run">)
  | string
  | symbol;

/** A started bus on its own memory broker, in virtual time: tests do not wait, are deterministic and need no real broker. */
export interface TestBus extends Messenger {
  /** The bus itself, for its other methods, such as `explain` and `counters`. */
  readonly bus: Bus;
  /** The clock of the bus. The time changes only in `advance`, and while a request awaits its reply. */
  readonly clock: VirtualClock;
  /** Resolves when all work is done that needs no time to pass. */
  settled(): Promise<void>;
  /** Advances the time: delayed messages become due, retries run, requests time out. */
  advance(by: Duration): Promise<void>;
  /** Returns the data of every stored command of this contract, requests included. */
  sent<Data extends Schema>(contract: Command<Data>): Seen<InputOf<Data>>;
  /** Returns the data of every stored event of this contract. */
  published<Data extends Schema>(contract: Event<Data>): Seen<InputOf<Data>>;
  /** Returns the data of every acknowledged message of this contract, once for each service. */
  handled<Data extends Schema>(contract: Command<Data> | Event<Data>): Seen<InputOf<Data>>;
  /** Returns the dead letters of all services. */
  deadLetters(): Seen<RecordedDeadLetter>;
  /** Stops the bus, and advances the time as far as the drain needs it. */
  stop(): Promise<void>;
}

/**
 * Creates and starts a bus for a test.
 * @throws MessagingError the errors of `createBus` and `start`
 */
export async function testBus(
  services: readonly (Service | ContainedService)[],
  options: TestBusOptions = {},
): Promise<TestBus> {
  const { seed = 1, name = "test", middleware = {}, container, ...rest } = options;
  const clock = new VirtualClock();
  const start = clock.now();
  const environment = { clock, random: seededRandom(seed) };
  const recorder = new Recorder(() => clock.now() - start, name);
  const transport = watchedTransport(new MemoryTransport(new MemoryBroker(environment)), recorder);
  const maker = services.find(isContained);
  const make = maker === undefined ? createBus : (given: object) => maker.createBus(given, container);
  const bus = await make({
    ...rest,
    name,
    transport,
    services,
    environment,
    middleware: {
      incoming: [recorder.incoming, ...(middleware.incoming ?? [])],
      outgoing: [...(middleware.outgoing ?? []), recorder.outgoing],
    },
  } as BusOptions);
  await bus.start();
  return new RunningTestBus(bus, clock, recorder);
}

function isContained(service: Service | ContainedService): service is ContainedService {
  return "createBus" in service;
}

class RunningTestBus implements TestBus {
  readonly bus: Bus;
  readonly clock: VirtualClock;
  readonly #recorder: Recorder;

  constructor(bus: Bus, clock: VirtualClock, recorder: Recorder) {
    this.bus = bus;
    this.clock = clock;
    this.#recorder = recorder;
  }

  readonly send: Messenger["send"] = (...call) => this.bus.send(...call);
  readonly publish: Messenger["publish"] = (...call) => this.bus.publish(...call);
  readonly request: Messenger["request"] = (...call) => this.#through(this.bus.request(...call));

  settled(): Promise<void> {
    return this.clock.settle();
  }

  advance(by: Duration): Promise<void> {
    return this.clock.advance(milliseconds(by, "advance"));
  }

  sent<Data extends Schema>(contract: Command<Data>): Seen<InputOf<Data>> {
    return this.#seen(contract, { verb: "be sent", whats: ["sent", "requested"] });
  }

  published<Data extends Schema>(contract: Event<Data>): Seen<InputOf<Data>> {
    return this.#seen(contract, { verb: "be published", whats: ["published"] });
  }

  handled<Data extends Schema>(contract: Command<Data> | Event<Data>): Seen<InputOf<Data>> {
    return this.#seen(contract, { verb: "be handled", whats: ["handled"] });
  }

  deadLetters(): Seen<RecordedDeadLetter> {
    return new Seen([...this.#recorder.deadLetters], {
      expected: "dead letter",
      instead: () => this.#recorder.journal.describe(),
    });
  }

  stop(): Promise<void> {
    return this.#through(this.bus.stop());
  }

  /** Awaits work that may need time: advances to each alarm in turn, until the work is done. */
  async #through<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    await this.clock.settle();
    for (let next = this.clock.nextAt; !isDone && next !== undefined; next = this.clock.nextAt)
      await this.clock.advance(next - this.clock.now());
    if (!isDone)
      throw new MessagingError("request-timeout", {
        what: "A call of the test bus awaits neither a message nor a timer, so it cannot end.",
        advice: "A handler probably awaits real input or output: replace it by a fake.",
      });
    return work;
  }

  #seen<Data>(
    contract: Contract,
    { verb, whats }: { readonly verb: string; readonly whats: readonly JournalLine["what"][] },
  ): Seen<Data> {
    const lines = this.#recorder.journal.lines.filter(
      ({ type, what }) => type === contract.name && whats.includes(what),
    );
    return new Seen(
      lines.map(({ data }) => data as Data),
      {
        expected: `${contract.kind} ${contract.name} to ${verb}`,
        instead: () => this.#recorder.journal.describe(),
      },
    );
  }
}
