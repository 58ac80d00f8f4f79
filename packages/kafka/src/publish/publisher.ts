import { refusal, describeThrown, sleep } from "@waybill/core/transport-kit";
import {
  STORED,
  type Environment,
  type PublishFailure,
  type PublishResult,
  type WireMessage,
} from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { KafkaRefusal, isForbidden } from "../connection/protocol/codes.ts";
import type { NewRecord } from "../connection/protocol/records/record.ts";
import { notWritable } from "../errors.ts";
import { LONGEST_DELAY_MS } from "../topology/delay-tiers.ts";
import type { Names } from "../topology/names.ts";
import { contentSize, recordOf, sizeOf } from "../wire/message.ts";
import { createBatcher, type Batcher } from "./batcher.ts";
import { batchByPartition, type Outgoing, type PartitionBatch } from "./partition-batches.ts";
import { produce, type ProduceContext } from "./produce.ts";
import { ProducerSession } from "./producer-session.ts";
import { routeOf, type Route } from "./routes.ts";

/** The most records in one batch of the publisher. */
const MOST_RECORDS = 1_000;
/** The most records that may wait for the batch in flight. */
const MOST_WAITING = 20_000;
const PAUSE_MS = 50;

export interface PublisherOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly names: Names;
  readonly isUp: () => boolean;
  /** Returns the declared size of the largest message, and the largest batch that the broker takes for one partition. */
  readonly limits: () => { readonly messageBytes: number; readonly batchBytes: number };
  /** How long the publisher tries to store a batch. */
  readonly deliveryTimeoutMs: number;
}

/**
 * Writes records as an idempotent producer, with one batch in flight. A record that is resent after a lost connection, or
 * to a new leader, is stored once and in order. Records that arrive meanwhile form the next batch.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #session: ProducerSession;
  readonly #batcher: Batcher<Outgoing, PublishResult>;
  /** The next partition of each topic, for records without a lane. */
  readonly #turns = new Map<string, number>();
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#session = new ProducerSession(options.cluster);
    this.#batcher = createBatcher({
      flush: (batch) => this.#flush(batch),
      most: MOST_RECORDS,
      capacity: MOST_WAITING,
      overflow: () => ({
        ok: false,
        error: refusal("blocked", `${MOST_WAITING} messages already wait to be written.`),
      }),
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

  /** Resolves once no record waits and no batch is in flight. */
  idle(): Promise<void> {
    return this.#batcher.idle();
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    const [message] = batch;
    if (message !== undefined && batch.length === 1)
      return this.#publishOne(message).then((result) => [result]);
    return Promise.all(batch.map((each) => this.#publishOne(each)));
  }

  /** Returns the failure of a message that is refused without a request to the broker. */
  refusalOf(message: WireMessage): PublishFailure | undefined {
    const failure = this.#limitFailure(message, this.#options.environment.clock.now());
    if (failure !== undefined) return failure;
    const route = routeOf(message, this.#options.names);
    return "code" in route ? route : undefined;
  }

  /** Writes a record that was read from the broker. */
  write(route: Route, record: NewRecord): Promise<PublishResult> {
    const failure = this.#connectionFailure();
    if (failure !== undefined) return Promise.resolve({ ok: false, error: failure });
    return this.#batcher.add({
      route,
      record,
      size: sizeOf(record),
      mayCompress: true,
      at: -1,
      partition: -1,
    });
  }

  #publishOne(message: WireMessage): Promise<PublishResult> {
    const now = this.#options.environment.clock.now();
    const failure = this.#connectionFailure() ?? this.#limitFailure(message, now);
    if (failure !== undefined) return Promise.resolve({ ok: false, error: failure });
    const route = routeOf(message, this.#options.names);
    if ("code" in route) return Promise.resolve({ ok: false, error: route });
    const record = recordOf(message, now);
    return this.#batcher.add({
      route,
      record: route.key === undefined ? record : { ...record, key: Buffer.from(route.key) },
      size: sizeOf(record),
      mayCompress: false,
      at: -1,
      partition: -1,
    });
  }

  #connectionFailure(): PublishFailure | undefined {
    if (this.#isClosed) return refusal("closed", "The transport is closed.");
    return this.#options.isUp() ? undefined : refusal("disconnected", "There is no connection to Kafka.");
  }

  #limitFailure(message: WireMessage, now: number): PublishFailure | undefined {
    const size = contentSize(message);
    const { messageBytes } = this.#options.limits();
    if (size > messageBytes)
      return refusal("too-large", `The message has ${size} bytes; Kafka takes at most ${messageBytes}.`);
    const { deliverAt } = message;
    if (deliverAt === undefined || deliverAt - now <= LONGEST_DELAY_MS) return undefined;
    return refusal(
      "delay-too-long",
      `The delay is ${deliverAt - now} ms; at most ${LONGEST_DELAY_MS} ms are supported.`,
    );
  }

  async #flush(batch: readonly Outgoing[]): Promise<readonly PublishResult[]> {
    const { cluster, environment, limits, deliveryTimeoutMs } = this.#options;
    const results: PublishResult[] = batch.map(() => STORED);
    const giveUpAt = environment.clock.now() + deliveryTimeoutMs;
    const topics = new Map<string, PublishFailure | undefined>();
    for (const { route } of batch)
      if (!topics.has(route.topic)) topics.set(route.topic, await this.#topicFailure(route.topic, giveUpAt));
    const routed: Outgoing[] = [];
    for (const [at, outgoing] of batch.entries()) {
      const partition = topics.get(outgoing.route.topic) ?? this.#partitionFor(outgoing.route);
      if (typeof partition === "number") {
        outgoing.at = at;
        outgoing.partition = partition;
        routed.push(outgoing);
      } else results[at] = { ok: false, error: partition };
    }
    const context: ProduceContext = {
      cluster,
      environment,
      session: this.#session,
      giveUpAt,
      isUp: () => this.#options.isUp(),
    };
    for (const round of batchByPartition(routed, limits().batchBytes))
      await this.#store(round, context, results);
    return results;
  }

  /**
   * Stores a round of batches. A topic may have a lower limit than the broker: a batch that is too large is stored record by
   * record, and a single record that is too large is compressed if that is allowed.
   */
  async #store(
    round: readonly PartitionBatch[],
    context: ProduceContext,
    results: PublishResult[],
  ): Promise<void> {
    for (const [batch, failure] of await produce(round, context)) {
      const { entries, isCompressed } = batch;
      if (failure?.code !== "too-large") settle(batch, failure, results);
      else if (entries.length === 1)
        if (entries[0]?.mayCompress === true && !isCompressed)
          await this.#store([{ ...batch, isCompressed: true }], context, results);
        else settle(batch, failure, results);
      else
        for (const entry of batch.entries)
          await this.#store([{ ...batch, entries: [entry] }], context, results);
    }
  }

  /** Returns the reason why a topic cannot be written to; absent when it can. */
  async #topicFailure(topic: string, giveUpAt: number): Promise<PublishFailure | undefined> {
    const { cluster, environment } = this.#options;
    for (;;) {
      try {
        if ((await cluster.findPartitionCount(topic)) !== undefined) return undefined;
        return refusal("unroutable", `Kafka has no topic ${topic}.`);
      } catch (error) {
        if (error instanceof KafkaRefusal && isForbidden(error.code)) return notWritable(topic, error);
        if (environment.clock.now() >= giveUpAt || !this.#options.isUp())
          return refusal("disconnected", `${describeThrown(error)}.`, error);
        await sleep(environment.clock, PAUSE_MS);
      }
    }
  }

  /** Returns the partition of a route: its lane, or for a route without a lane each partition in turn. */
  #partitionFor({ topic, partition }: Route): number | PublishFailure {
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
          `The message has lane ${partition}; the topic ${topic} has ${count} partitions, numbered from 0.`,
        );
  }
}

function settle(
  { entries }: PartitionBatch,
  failure: PublishFailure | undefined,
  results: PublishResult[],
): void {
  if (failure !== undefined) for (const { at } of entries) results[at] = { ok: false, error: failure };
}
