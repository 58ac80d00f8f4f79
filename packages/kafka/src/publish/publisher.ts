import { refusal, describeThrown, sleep } from "@waybill/core/transport-kit";
import { createBatcher, type Batcher } from "./batcher.ts";
import {
  STORED,
  type Environment,
  type PublishFailure,
  type PublishResult,
  type WireMessage,
} from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { KafkaRefusal, isForbidden } from "../connection/protocol/codes.ts";
import type { NewRecord } from "../connection/protocol/protocol.ts";
import { notWritable } from "../errors.ts";
import { LONGEST_DELAY_MS } from "../topology/delay-tiers.ts";
import type { Names } from "../topology/names.ts";
import { ProducerSession } from "./producer-session.ts";
import { batchByPartition, type Outgoing, type Parcel } from "./partition-batches.ts";
import { send, type Sending } from "./produce.ts";
import { routeOf, type Route } from "./routes.ts";
import { contentSize, recordOf, sizeOf } from "../wire/message.ts";

/** The largest batch; kafkajs copies what a batch has for each of its messages. */
const MOST = 1_000;
const CAPACITY = 20_000;

export interface PublisherOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly names: Names;
  readonly isUp: () => boolean;
  /** In bytes: of a message, as declared, and of a batch for one partition. */
  readonly largest: () => { readonly message: number; readonly batch: number };
  /** How long a batch is tried to be stored. */
  readonly deliveryTimeoutMs: number;
}

/**
 * Writes records: one batch on its way, idempotent, so that what is sent again after a lost connection or to a new
 * leader is stored once and in order. What arrives meanwhile is the next batch.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #session: ProducerSession;
  readonly #batcher: Batcher<Outgoing, PublishResult>;
  readonly #turns = new Map<string, number>();
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#session = new ProducerSession(options.cluster);
    this.#batcher = createBatcher({
      flush: (batch) => this.#flush(batch),
      most: MOST,
      capacity: CAPACITY,
      overflow: () => ({ ok: false, error: refusal("blocked", `${CAPACITY} messages wait already.`) }),
      failed: (cause) => ({
        ok: false,
        error: {
          code: "disconnected",
          message: `${describeThrown(cause)}.`,
          maybeStored: true,
          cause,
        },
      }),
    });
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Resolves once nothing is on its way. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const [message] = batch;
    if (message !== undefined && batch.length === 1) return this.#take(message).then((result) => [result]);
    return Promise.all(batch.map((each) => this.#take(each)));
  }

  /** What is known to be refused without asking the broker. */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const failure = this.#problem(message, this.#options.environment.clock.now());
    if (failure !== undefined) return failure;
    const route = routeOf(message, this.#options.names);
    return "code" in route ? route : undefined;
  }

  /** Writes what was read from the broker once more. */
  write(route: Route, record: NewRecord): Promise<PublishResult> {
    const failure = this.#away();
    if (failure !== undefined) return Promise.resolve({ ok: false, error: failure });
    return this.#batcher.add({ route, record, size: sizeOf(record), mayPack: true, at: -1, partition: -1 });
  }

  #take(message: WireMessage): Promise<PublishResult> {
    const now = this.#options.environment.clock.now();
    const failure = this.#away() ?? this.#problem(message, now);
    if (failure !== undefined) return Promise.resolve({ ok: false, error: failure });
    const route = routeOf(message, this.#options.names);
    if ("code" in route) return Promise.resolve({ ok: false, error: route });
    const record = recordOf(message, now);
    return this.#batcher.add({
      route,
      record: route.key === undefined ? record : { ...record, key: Buffer.from(route.key) },
      size: sizeOf(record),
      mayPack: false,
      at: -1,
      partition: -1,
    });
  }

  #away(): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    return this.#options.isUp() ? undefined : refusal("disconnected", "There is no connection to Kafka.");
  }

  #problem(message: WireMessage, now: number): PublishFailure | undefined {
    const size = contentSize(message);
    const { message: largest } = this.#options.largest();
    if (size > largest)
      return refusal("too-large", `${size} bytes are more than the ${largest} that Kafka takes.`);
    const { deliverAt } = message;
    if (deliverAt === undefined || deliverAt - now <= LONGEST_DELAY_MS) return undefined;
    return refusal(
      "delay-too-long",
      `A delay of ${deliverAt - now} ms is longer than ${LONGEST_DELAY_MS} ms.`,
    );
  }

  async #flush(batch: readonly Outgoing[]): Promise<readonly PublishResult[]> {
    const { cluster, environment, largest, deliveryTimeoutMs } = this.#options;
    const results: PublishResult[] = batch.map(() => STORED);
    const giveUpAt = environment.clock.now() + deliveryTimeoutMs;
    const topics = new Map<string, PublishFailure | undefined>();
    for (const { route } of batch)
      if (!topics.has(route.topic)) topics.set(route.topic, await this.#check(route.topic, giveUpAt));
    const placed: Outgoing[] = [];
    for (const [at, outgoing] of batch.entries()) {
      const partition = topics.get(outgoing.route.topic) ?? this.#place(outgoing.route);
      if (typeof partition === "number") {
        outgoing.at = at;
        outgoing.partition = partition;
        placed.push(outgoing);
      } else results[at] = { ok: false, error: partition };
    }
    const sending: Sending = {
      cluster,
      environment,
      session: this.#session,
      giveUpAt,
      isUp: () => this.#options.isUp(),
    };
    for (const round of batchByPartition(placed, largest().batch)) await this.#store(round, sending, results);
    return results;
  }

  /**
   * A topic may take less in one piece than the broker: what is too large together may be stored one by one, and what is too
   * large alone may be compressed.
   */
  async #store(round: readonly Parcel[], sending: Sending, results: PublishResult[]): Promise<void> {
    for (const [parcel, answer] of await send(round, sending)) {
      const { entries, isCompressed } = parcel;
      if (answer?.code !== "too-large") settle(parcel, answer, results);
      else if (entries.length === 1)
        if (entries[0]?.mayPack === true && !isCompressed)
          await this.#store([{ ...parcel, isCompressed: true }], sending, results);
        else settle(parcel, answer, results);
      else
        for (const entry of parcel.entries)
          await this.#store([{ ...parcel, entries: [entry] }], sending, results);
    }
  }

  /** Why nothing can be written to a topic; absent where it can. */
  async #check(topic: string, giveUpAt: number): Promise<PublishFailure | undefined> {
    const { cluster, environment } = this.#options;
    for (;;) {
      try {
        if ((await cluster.partitionsOf(topic)) !== undefined) return undefined;
        return refusal("unroutable", `Kafka has no topic ${topic}.`);
      } catch (error) {
        if (error instanceof KafkaRefusal && isForbidden(error.code)) return notWritable(topic, error);
        if (environment.clock.now() >= giveUpAt || !this.#options.isUp())
          return refusal("disconnected", `${describeThrown(error)}.`, error);
        await sleep(environment.clock, 50);
      }
    }
  }

  /** The partition: the lane, or for what has none each in turn. */
  #place({ topic, partition }: Route): number | PublishFailure {
    const count = this.#options.cluster.topic(topic)?.length ?? 1;
    if (partition === undefined) {
      const turn = this.#turns.get(topic) ?? this.#options.environment.random.uint32() % count;
      this.#turns.set(topic, (turn + 1) % count);
      return turn % count;
    }
    return Number.isInteger(partition) && partition >= 0 && partition < count
      ? partition
      : refusal(
          "rejected",
          `The topic ${topic} has ${count} partitions, and the message is of lane ${partition}.`,
        );
  }
}

function settle({ entries }: Parcel, answer: PublishFailure | undefined, results: PublishResult[]): void {
  if (answer !== undefined) for (const { at } of entries) results[at] = { ok: false, error: answer };
}
