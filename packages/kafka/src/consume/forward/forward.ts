import type { Forwarding } from "@waybill/core/transport-kit";
import type { Environment, Headers, Settlement } from "@waybill/core/transport";
import type { KafkaDelivery } from "../delivery.ts";
import { RawHeader } from "../../connection/protocol/records/raw-header.ts";
import { escapedName } from "../../wire/header-names.ts";
import { InFlightEntry } from "./in-flight-entry.ts";
import type { Entry } from "../offsets/offset-tracker.ts";
import { deadLetterTopicName } from "../../topology/names.ts";
import { idOf, laneOf, attemptsOf } from "../../wire/own-headers.ts";
import { partitionName } from "../../topology/topic-partition.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import type { Publisher } from "../../publish/publisher.ts";
import { LONGEST_DELAY_MS, tierFor } from "../../topology/delay-tiers.ts";
import type { SourceTopics } from "../../topology/sources.ts";
import { foreignHeaders, rewritten } from "../../wire/message.ts";

/** The settlements by which a message moves to another topic. */
export type ForwardSettlement = Exclude<Settlement, { readonly type: "ack" | "release" }>;

export interface ForwardOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  readonly sourceTopics: SourceTopics;
  /** The service that gets the dead letters. */
  readonly group: string;
  /** Called when the message cannot be stored at the moment, and no longer counts in the window. */
  readonly onRest: () => void;
}

/**
 * Stores a delivery in the delay topic or in the dead-letter topic. Returns true once it is stored, so that the
 * original may be settled, and false when the delivery was revoked meanwhile. Until then it retries. A message that
 * cannot be stored anywhere stays in its partition.
 */
export async function forwardDelivery(
  delivery: KafkaDelivery,
  settlement: ForwardSettlement,
  { environment, publisher, forwarding, sourceTopics, group, onRest }: ForwardOptions,
): Promise<boolean> {
  const { record } = delivery.entry;
  const isRetry = settlement.type === "retry";
  const due = isRetry ? environment.clock.now() + Math.min(settlement.delayMs, LONGEST_DELAY_MS) : undefined;
  const topic =
    due === undefined || sourceTopics.delayTopic === undefined
      ? deadLetterTopicName(group)
      : sourceTopics.delayTopic;
  const outcome = await forwarding.forward({
    delivery,
    destination: `topic ${topic}`,
    headers: settlement.headers,
    foreign: () => foreignHeaders(record),
    store: ({ headers, isBare }) => {
      const now = environment.clock.now();
      const changes = {
        id: delivery.message.id,
        headers,
        isBare,
        attempts: isRetry ? delivery.attempt : 0,
        due,
        lane: isRetry ? delivery.lane : undefined,
      };
      return publisher.write(
        { topic, partition: due === undefined ? undefined : tierFor(due - now) },
        rewritten(record, changes, now),
      );
    },
    onRest,
  });
  return outcome === "stored";
}

export interface DelayOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  readonly delayTopic: string;
  readonly lanes: number | undefined;
  readonly due: number;
  /** Called when the message cannot be stored at the moment, and no longer counts as moving. */
  readonly onRest: () => void;
}

/** Stores a message that is not due in its delay tier. Returns true once it is stored, false when the partition was lost. */
export async function delayEntry(
  partition: AssignedPartition,
  { record }: Entry,
  { environment, publisher, forwarding, delayTopic, lanes, due, onRest }: DelayOptions,
): Promise<boolean> {
  const id = idOf(record, partitionName(partition.topic, partition.number));
  const lane = partition.lane ?? laneOf(record, lanes);
  const outcome = await forwarding.forward({
    delivery: new InFlightEntry(partition),
    destination: `topic ${delayTopic}`,
    headers: undefined,
    foreign: () => foreignHeaders(record),
    store: ({ headers, isBare }) => {
      const now = environment.clock.now();
      return publisher.write(
        { topic: delayTopic, partition: tierFor(due - now) },
        rewritten(record, { id, headers, isBare, attempts: attemptsOf(record), due, lane }, now),
      );
    },
    onRest,
  });
  return outcome === "stored";
}

/** Counts an attempt and sets the headers of an immediate retry: the message is redelivered from its own partition. */
export function applyImmediateRetry(entry: Entry, headers: Headers | undefined): void {
  entry.lostDeliveries += 1;
  if (headers === undefined) return;
  const changed = Object.entries(headers).map(
    ([name, value]) => new RawHeader(escapedName(name), Buffer.from(value)),
  );
  const kept = entry.record.headers.filter(({ name }) => !changed.some((header) => header.name === name));
  entry.record = { ...entry.record, headers: [...kept, ...changed] };
}
