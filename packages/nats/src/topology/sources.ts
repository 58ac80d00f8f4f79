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
import type { Origin } from "../consume/forward.ts";
import { lanesIn } from "./provision.ts";

/** The stream of a source, and what the names of its consumers there have in common. */
export interface Place {
  readonly stream: string;
  readonly base: string;
  readonly lanes: number | undefined;
}

export function placeOf(source: Source): Place {
  switch (source.kind) {
    case "queue":
      return { stream: queueStream(source.name), base: OWNER, lanes: source.lanes };
    case "topic":
      return { stream: topicStream(source.name), base: groupConsumer(source.group), lanes: source.lanes };
    case "dead-letters":
      return { stream: deadLettersStream(source.group), base: OWNER, lanes: undefined };
  }
}

/** Its consumers by name, lane by lane, and the subject on which each alone gets a message again. */
export function originsOf(source: Source): readonly (Origin & { readonly lane: number | undefined })[] {
  const { stream, base, lanes } = placeOf(source);
  return lanesOf(lanes)
    .toReversed()
    .map((lane) => ({ stream, consumer: consumerName(base, lane), subject: subjectOf(source, lane), lane }));
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

/** @throws MessagingError `unroutable` where its names cannot stand in subjects */
export function checkNames(source: Source): void {
  if (!isPlain(source.group) || (source.kind !== "dead-letters" && !isPlain(source.name)))
    throw unknownSource(source);
}

/** Its consumers as the server has them, lane by lane. @throws MessagingError `unroutable` when one of them is missing */
export async function consumersOf(source: Source, jsm: JetStreamManager): Promise<readonly ConsumerInfo[]> {
  const { stream, base, lanes } = placeOf(source);
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
 * NATS tells what was never delivered. What was delivered and waits for its time or for a retry it counts together with
 * what handlers have in hand. Of dead letters all are told: those that a reader has put back would be missed for ever.
 */
export async function depthOf(source: Source, jsm: JetStreamManager): Promise<Depth> {
  const consumers = await consumersOf(source, jsm);
  return {
    ready: consumers.reduce((sum, info) => sum + waiting(source, info), 0),
    unsettled: undefined,
    delayed: undefined,
    // A member whose window is full asks for nothing, and holds something.
    members: consumers.reduce(
      (sum, { num_waiting: asking, num_ack_pending: held }) => sum + asking + Math.min(1, held),
      0,
    ),
  };
}

function waiting(
  { kind }: Source,
  { num_pending: pending, num_ack_pending: delivered }: ConsumerInfo,
): number {
  return kind === "dead-letters" ? pending + delivered : pending;
}

function unknownSource(source: Source): MessagingError {
  const { stream, base, lanes } = placeOf(source);
  return provisioning.unknownSource("NATS", `stream ${stream} with a consumer ${base}`, lanes);
}
