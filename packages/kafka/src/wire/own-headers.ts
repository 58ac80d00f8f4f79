import { ownHeaders } from "@waybill/core/transport-kit";
import { OWN_HEADER } from "./header-names.ts";
import { LONGEST_DELAY_MS } from "../topology/delay-tiers.ts";
import type { RawRecord } from "../connection/protocol/records/record.ts";

// Readers of the adapter's own headers. Every program that may write to a topic can write them, so a value out of range counts
// as an absent header.

/** Returns one of the adapter's own headers; the last one, if the record has several. */
export function headerOf(
  record: RawRecord,
  name: (typeof OWN_HEADER)[keyof typeof OWN_HEADER],
): string | undefined {
  const { headers } = record;
  for (let at = headers.length - 1; at >= 0; at--) {
    const header = headers[at];
    if (header?.name === name) return header.text;
  }
  return undefined;
}

/** Returns the id of a message. A foreign record gets one from its partition and offset, which redeliveries do not change. */
export function idOf(record: RawRecord, partition: string): string {
  return ownHeaders.readId(headerOf(record, OWN_HEADER.id)) ?? `${partition}/${record.offset}`;
}

/** Returns the number of attempts before the message was written to this topic. */
export function attemptsOf(record: RawRecord): number {
  return ownHeaders.readAttempt(headerOf(record, OWN_HEADER.attempt)) ?? 0;
}

/** Returns when a message is due, in milliseconds since the Unix epoch; absent for a message without delay. */
export function dueOf(record: RawRecord, now: number): number | undefined {
  return ownHeaders.readDueTime(headerOf(record, OWN_HEADER.due), now, LONGEST_DELAY_MS);
}

/** Returns the lane that a delayed message returns to; absent when its source has no lanes. */
export function laneOf(record: RawRecord, lanes: number | undefined): number | undefined {
  return ownHeaders.readLane(headerOf(record, OWN_HEADER.lane), lanes);
}
