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

/** What makes a message appear somewhere else. */
export type ForwardSettlement = Exclude<Settlement, { readonly type: "ack" | "release" }>;

export interface ForwardOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  readonly sourceTopics: SourceTopics;
  /** The service whose dead letters they become. */
  readonly group: string;
  /** The message takes no place in the window from now on. */
  readonly onRest: () => void;
}

/**
 * Stores a delivery's next appearance: in a waiting room, or among the dead letters. True once it is stored, so that the
 * delivery may be settled; false when it was taken back meanwhile. Until then it is tried again and again: a message that
 * can be neither moved nor handled stays where it is.
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
  const fate = await forwarding.forward({
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
  return fate === "stored";
}

export interface DelayOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  readonly delayTopic: string;
  readonly lanes: number | undefined;
  readonly due: number;
  /** The message is not waited for any more. */
  readonly onRest: () => void;
}

/** Puts a message that is not due into its waiting room. True once it is there. */
export async function delayEntry(
  partition: AssignedPartition,
  { record }: Entry,
  { environment, publisher, forwarding, delayTopic, lanes, due, onRest }: DelayOptions,
): Promise<boolean> {
  const id = idOf(record, partitionName(partition.topic, partition.number));
  const lane = partition.lane ?? laneOf(record, lanes);
  const fate = await forwarding.forward({
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
  return fate === "stored";
}

/** A message is tried once more in its place, as one attempt more. */
export function applyImmediateRetry(entry: Entry, headers: Headers | undefined): void {
  entry.lostDeliveries += 1;
  if (headers === undefined) return;
  const changed = Object.entries(headers).map(
    ([name, value]) => new RawHeader(escapedName(name), Buffer.from(value)),
  );
  const kept = entry.record.headers.filter(({ name }) => !changed.some((header) => header.name === name));
  entry.record = { ...entry.record, headers: [...kept, ...changed] };
}
