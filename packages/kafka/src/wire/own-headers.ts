import { ownHeaders } from "@waybill/core/transport-kit";
import { OURS } from "./header-names.ts";
import { LONGEST_DELAY_MS } from "../topology/delay-tiers.ts";
import type { RawRecord } from "../connection/protocol/records/record.ts";

/**
 * What a record says in our own headers. Anybody who may write to a topic can write them: a value out of its range counts as
 * if the header were absent.
 */

/** One of the adapter's own headers; of one that is there twice, the last. */
export function headerOf(record: RawRecord, name: (typeof OURS)[keyof typeof OURS]): string | undefined {
  const { headers } = record;
  for (let at = headers.length - 1; at >= 0; at--) {
    const header = headers[at];
    if (header?.name === name) return header.text;
  }
  return undefined;
}

/** Stable over redeliveries, also of a record that others wrote. */
export function idOf(record: RawRecord, place: string): string {
  return ownHeaders.readId(headerOf(record, OURS.id)) ?? `${place}/${record.offset}`;
}

/** How often the message was tried before it was written here. */
export function attemptsOf(record: RawRecord): number {
  return ownHeaders.readAttempt(headerOf(record, OURS.attempt)) ?? 0;
}

/** When the message is due, in milliseconds since the Unix epoch; absent for a message that does not wait. */
export function dueOf(record: RawRecord, now: number): number | undefined {
  return ownHeaders.readDueTime(headerOf(record, OURS.due), now, LONGEST_DELAY_MS);
}

/** The lane that the message returns to; absent where its source has no lanes. */
export function laneOf(record: RawRecord, lanes: number | undefined): number | undefined {
  return ownHeaders.readLane(headerOf(record, OURS.lane), lanes);
}
