import {
  type Drift,
  MessagingError,
  type PublishResult,
  type Source,
  type Topology,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";
import type { Countable, FaultName, Faults, Pace, World } from "../harness.ts";
import type { RawWriter } from "../raw-writer.ts";
import { ACKNOWLEDGES, Consumer, type TestHandler } from "./consumer.ts";
import { type MessageParts, taggedMessage } from "./generate/messages.ts";
import { Names } from "./generate/names.ts";
import { assertThat } from "./observe/assert.ts";
import { History } from "./observe/history.ts";
import { Time } from "./time.ts";

/** Options of {@link Stage.consume}. By default a consumer has a credit of 1,000 and acknowledges every message. */
export interface ConsumeOptions {
  readonly credit?: number;
  readonly handler?: TestHandler;
}

/** The environment of one scenario or of one generated case: its own names, instances and history in a world. */
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

  /**
   * Runs a part of the scenario on a new stage in the same world, such as one generated case, and then closes the
   * instances of that stage.
   */
  async scene<Result>(run: (act: Stage) => Promise<Result>): Promise<Result> {
    const act = new Stage(this.world, this.pace, { time: this.time, names: this.names });
    let result: Result;
    try {
      result = await run(act);
    } catch (thrown) {
      // An error of close must not hide the failure.
      await act.close().catch(() => undefined);
      throw thrown;
    }
    await act.close();
    return result;
  }

  /** Returns a new transport that is not connected. The stage closes it at its end. */
  async unconnected(): Promise<Transport> {
    const transport = await this.world.transport();
    this.#instances.push(transport);
    return transport;
  }

  /** Returns a new connected transport, which acts as an instance of a service. The stage closes it at its end. */
  async instance(): Promise<Transport> {
    const transport = await this.unconnected();
    await this.time.finish("connect", transport.connect(new AbortController().signal));
    return transport;
  }

  /** Returns a message with a new id and tag. */
  message(parts: Omit<MessageParts, "id">): WireMessage {
    return taggedMessage({ id: this.names.id(), ...parts });
  }

  /** Publishes a batch and records the results. */
  async publish(transport: Transport, batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const records = batch.map((message) => this.history.recordPublish(message, this.time.now()));
    const results = await this.time.finish("publish", transport.publish(batch));
    for (const [at, record] of records.entries()) record.result = results[at];
    return results;
  }

  /** Publishes a batch. @throws BrokenPromise unless every message is stored */
  async store(transport: Transport, batch: readonly WireMessage[]): Promise<void> {
    const results = await this.publish(transport, batch);
    const refused = results.find((result) => !result.ok);
    assertThat(refused === undefined, () => `publish did not store a message: ${JSON.stringify(refused)}.`);
    assertThat(
      results.length === batch.length,
      () => `publish returned ${results.length} results for ${batch.length} messages.`,
    );
  }

  /** Applies a topology and returns the drift. */
  async provision(transport: Transport, topology: Partial<Topology>): Promise<readonly Drift[]> {
    const whole = { queues: [], topics: [], groups: [], services: [], ...topology };
    return this.time.finish("provision", transport.provision(whole, "apply"));
  }

  /** Subscribes a consumer and gives it credit. */
  async consume(transport: Transport, source: Source, options: ConsumeOptions = {}): Promise<Consumer> {
    const consumer = new Consumer({
      history: this.history,
      now: () => this.time.now(),
      name: this.names.next("member"),
      group: source.group,
      handler: options.handler ?? ACKNOWLEDGES,
    });
    consumer.attach(
      await this.time.finish(
        "subscribe",
        transport.subscribe(
          source,
          (delivery) => consumer.deliver(delivery),
          (problem) => (consumer.problem = problem),
        ),
      ),
    );
    consumer.credit(options.credit ?? 1_000);
    return consumer;
  }

  /** Drains a consumer, with a deadline after `patienceMs`. */
  drain(consumer: Consumer): Promise<void> {
    return this.time.finish("drain", consumer.drain(this.time.deadline()));
  }

  /** Returns a fault that the scenario declares. @throws MessagingError `invalid-option` if the world lacks it */
  fault<Name extends FaultName>(name: Name): NonNullable<Faults[Name]> {
    const fault = this.world.faults?.[name];
    if (fault !== undefined) return fault;
    throw new MessagingError("invalid-option", {
      what: `A scenario uses the fault ${name}, which this world does not offer.`,
      advice: "List the fault in the faults of the scenario.",
    });
  }

  /** The raw writer, for a scenario with `writesRaw`. @throws MessagingError `invalid-option` if the world has none */
  get raw(): RawWriter {
    const { raw } = this.world;
    if (raw !== undefined) return raw;
    throw new MessagingError("invalid-option", {
      what: "A scenario writes past the transport, which this world does not offer.",
      advice: "Set writesRaw in the scenario.",
    });
  }

  /** Counts a resource that the scenario declares in `counts`. @throws MessagingError `invalid-option` if the world cannot */
  count(what: Countable): number {
    const count = this.world[what];
    if (count !== undefined) return count();
    throw new MessagingError("invalid-option", {
      what: `A scenario counts ${what}, which this world cannot count.`,
      advice: "List it in the counts of the scenario.",
    });
  }

  /** Closes every instance immediately, also with messages in flight. */
  async close(): Promise<void> {
    const closing = this.#instances.splice(0).map((instance) => instance.close(this.time.now()));
    await this.time.finish("close", Promise.all(closing));
  }
}
