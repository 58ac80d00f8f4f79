import type { ConsumerInfo, JetStreamManager } from "@nats-io/jetstream";
import type { Depth, MessagingError, Source } from "@waybill/core/transport";
import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import { isNotFound } from "../errors.ts";
import {
  OWNER,
  consumerName,
  deadLettersStream,
  deadLettersSubject,
  groupConsumer,
  groupSubject,
  isPlain,
  queueStream,
  queueSubject,
  topicStream,
} from "./names.ts";
import { lanesIn } from "./provision.ts";

/** The stream of a source. */
export interface SourceStream {
  readonly stream: string;
  /** The common part of the names of its consumers. */
  readonly base: string;
  readonly lanes: number | undefined;
}

export function streamOf(source: Source): SourceStream {
  switch (source.kind) {
    case "queue":
      return { stream: queueStream(source.name), base: OWNER, lanes: source.lanes };
    case "topic":
      return { stream: topicStream(source.name), base: groupConsumer(source.group), lanes: source.lanes };
    case "dead-letters":
      return { stream: deadLettersStream(source.group), base: OWNER, lanes: undefined };
  }
}

/** One durable consumer of a source. */
export interface SourceConsumer {
  readonly stream: string;
  readonly name: string;
  /** The subject of a retry, which only this consumer receives. */
  readonly subject: string;
  readonly lane: number | undefined;
}

/** Returns the consumers of a source, one per lane. */
export function sourceConsumersOf(source: Source): readonly SourceConsumer[] {
  const { stream, base, lanes } = streamOf(source);
  return lanesOf(lanes)
    .toReversed()
    .map((lane) => ({ stream, name: consumerName(base, lane), subject: subjectOf(source, lane), lane }));
}

function subjectOf(source: Source, lane: number | undefined): string {
  switch (source.kind) {
    case "queue":
      return queueSubject(source.name, lane);
    case "topic":
      return groupSubject(source.name, source.group, lane);
    case "dead-letters":
      return deadLettersSubject(source.group);
  }
}

/** @throws MessagingError `unroutable` for a name that cannot be part of a subject */
export function checkNames(source: Source): void {
  if (!isPlain(source.group) || (source.kind !== "dead-letters" && !isPlain(source.name)))
    throw unknownSource(source);
}

/** Returns the server's information about each consumer, lane by lane. @throws MessagingError `unroutable` if one is missing */
export async function consumerInfosOf(
  source: Source,
  jsm: JetStreamManager,
): Promise<readonly ConsumerInfo[]> {
  const { stream, base, lanes } = streamOf(source);
  checkNames(source);
  try {
    const { config } = await jsm.streams.info(stream);
    if (lanesIn(config.metadata) !== String(lanes ?? "none")) throw unknownSource(source);
    return await Promise.all(
      lanesOf(lanes)
        .toReversed()
        .map((lane) => jsm.consumers.info(stream, consumerName(base, lane))),
    );
  } catch (error) {
    throw isNotFound(error) ? unknownSource(source) : error;
  }
}

/**
 * Returns the depth of a source. NATS counts delayed messages, retries and messages in flight together, so `ready` counts
 * only messages that were never delivered. Of dead letters it counts all: a reader has delivered and returned most of them.
 */
export async function depthOf(source: Source, jsm: JetStreamManager): Promise<Depth> {
  const consumers = await consumerInfosOf(source, jsm);
  return {
    ready: consumers.reduce((sum, info) => sum + readyIn(source, info), 0),
    unsettled: undefined,
    delayed: undefined,
    // A member whose window is full has no pull request, but has messages in flight.
    members: consumers.reduce(
      (sum, { num_waiting: pulls, num_ack_pending: inFlight }) => sum + pulls + Math.min(1, inFlight),
      0,
    ),
  };
}

function readyIn(
  { kind }: Source,
  { num_pending: pending, num_ack_pending: delivered }: ConsumerInfo,
): number {
  return kind === "dead-letters" ? pending + delivered : pending;
}

function unknownSource(source: Source): MessagingError {
  const { stream, base, lanes } = streamOf(source);
  return provisioning.unknownSource("NATS", `stream ${stream} with a consumer ${base}`, lanes);
}
