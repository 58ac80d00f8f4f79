import {
  MessagingError,
  type Drift,
  type PublishResult,
  type Source,
  type Topology,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";
import type { Countable, Faults, FaultName, Pace, World } from "../harness.ts";
import type { RawWriter } from "../raw-writer.ts";
import { claim } from "./observe/claim.ts";
import { ACKS, type Answer, Consumer } from "./consumer.ts";
import { History } from "./observe/history.ts";
import { type MessageParts, taggedMessage } from "./generate/messages.ts";
import { Names } from "./generate/names.ts";
import { Time } from "./time.ts";

/** What most consumers need not say: they take up to 1,000 at once and acknowledge them. */
export interface ConsumeOptions {
  readonly credit?: number;
  readonly answer?: Answer;
}

/** Where one scenario, or one generated case of it, plays: its own names, instances and history in a world. */
export class Stage {
  readonly world: World;
  readonly pace: Pace;
  readonly time: Time;
  readonly names: Names;
  readonly history: History = new History();
  readonly #instances: Transport[] = [];

  constructor(world: World, pace: Pace, shared?: { readonly time: Time; readonly names: Names }) {
    this.world = world;
    this.pace = pace;
    this.time = shared?.time ?? new Time(world, pace);
    this.names = shared?.names ?? new Names(world.environment.random);
  }

  /** Plays in the same world with a history and instances of its own, which are closed at the end: a generated case, or what a tool does. */
  async scene<Result>(play: (act: Stage) => Promise<Result>): Promise<Result> {
    const act = new Stage(this.world, this.pace, { time: this.time, names: this.names });
    let result: Result;
    try {
      result = await play(act);
    } catch (thrown) {
      // Whether it can be closed after a failure must not hide the failure.
      await act.close().catch(() => undefined);
      throw thrown;
    }
    await act.close();
    return result;
  }

  /** A transport as the world makes it, for scenarios about connecting. Closed when the stage is. */
  async unconnected(): Promise<Transport> {
    const transport = await this.world.transport();
    this.#instances.push(transport);
    return transport;
  }

  /** A connected transport: an instance of a service. Closed when the stage is. */
  async instance(): Promise<Transport> {
    const transport = await this.unconnected();
    await this.time.finish("connect", transport.connect(new AbortController().signal));
    return transport;
  }

  /** A message with an id and a tag of its own. */
  message(parts: Omit<MessageParts, "id">): WireMessage {
    return taggedMessage({ id: this.names.id(), ...parts });
  }

  /** Publishes and writes down what became of it. */
  async publish(transport: Transport, batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const sendings = batch.map((message) => this.history.sending(message, this.time.now()));
    const results = await this.time.finish("publish", transport.publish(batch));
    for (const [at, sending] of sendings.entries()) sending.result = results[at];
    return results;
  }

  /** Publishes what must be stored. */
  async store(transport: Transport, batch: readonly WireMessage[]): Promise<void> {
    const results = await this.publish(transport, batch);
    const refused = results.find((result) => !result.ok);
    claim(refused === undefined, () => `A message was not stored: ${JSON.stringify(refused)}.`);
    claim(results.length === batch.length, () => `${batch.length} messages had ${results.length} results.`);
  }

  /** Applies a topology that nobody contradicts. */
  async provision(transport: Transport, topology: Partial<Topology>): Promise<readonly Drift[]> {
    const whole = { queues: [], topics: [], groups: [], services: [], ...topology };
    return this.time.finish("provision", transport.provision(whole, "apply"));
  }

  /** Subscribes a consumer and opens its window. */
  async consume(transport: Transport, source: Source, options: ConsumeOptions = {}): Promise<Consumer> {
    const consumer = new Consumer({
      history: this.history,
      now: () => this.time.now(),
      name: this.names.next("member"),
      group: source.group,
      answer: options.answer ?? ACKS,
    });
    consumer.attach(
      await this.time.finish(
        "subscribe",
        transport.subscribe(
          source,
          (d) => consumer.deliver(d),
          (problem) => (consumer.problem = problem),
        ),
      ),
    );
    consumer.credit(options.credit ?? 1_000);
    return consumer;
  }

  /** Drains with all the patience there is. */
  drain(consumer: Consumer): Promise<void> {
    return this.time.finish("drain", consumer.drain(this.time.deadline()));
  }

  /** A fault that the scenario has said it needs. */
  fault<Name extends FaultName>(name: Name): NonNullable<Faults[Name]> {
    const fault = this.world.faults?.[name];
    if (fault !== undefined) return fault;
    throw new MessagingError("invalid-option", {
      what: `A scenario uses the fault ${name}, which this world does not offer.`,
      advice: "List it among the scenario's faults.",
    });
  }

  /** The other program that writes, of a scenario that has said it needs one. */
  get raw(): RawWriter {
    const { raw } = this.world;
    if (raw !== undefined) return raw;
    throw new MessagingError("invalid-option", {
      what: "A scenario writes past the transport, which this world does not offer.",
      advice: "Set writesRaw in the scenario.",
    });
  }

  /** How many there are of what the scenario has said it counts. */
  count(what: Countable): number {
    const count = this.world[what];
    if (count !== undefined) return count();
    throw new MessagingError("invalid-option", {
      what: `A scenario counts ${what}, which this world cannot.`,
      advice: "List it among what the scenario counts.",
    });
  }

  /** Closes every instance, held messages and all. */
  async close(): Promise<void> {
    const closing = this.#instances.splice(0).map((instance) => instance.close(this.time.now()));
    await this.time.finish("close", Promise.all(closing));
  }
}
