import { MessagingError } from "@waybill/core/transport";
import { lanesAdvice } from "./errors.ts";
import { MOST_GAPS, SPAN } from "./consume/offsets/commit-metadata.ts";

/** How far a partition was read. */
interface ReadPosition {
  readonly topic: string;
  readonly number: number;
  readonly next: number;
}

/** Says to whoever runs the process what must not pass in silence and has nobody who asked. */
export type Warn = (notice: string) => void;

/** Retention, or somebody's hand, was faster than the group. */
export function messagesLost({ topic, number, next }: ReadPosition, group: string, start: number): string {
  return new MessagingError("messages-lost", {
    what: `Of topic ${topic}, partition ${number}, the messages from offset ${next} on were removed by the broker before group ${group} had read them; it goes on at offset ${start}.`,
    advice: "Give the topic a longer retention, and do not delete it while it is read.",
  }).message;
}

/** The broker keeps the places of a group that is away for `offsets.retention.minutes`, a week unless it is set otherwise. */
export function groupForgotten(group: string, topic: string): string {
  return `Kafka has forgotten how far group ${group} had read topic ${topic}. The group goes on at the oldest record that is retained: it misses nothing, and handles again what it had handled of that. Raise offsets.retention.minutes on the broker above the longest time that a service is away.`;
}

/** A queue belongs to one service, whose instances share its messages. */
export function twoOwners(group: string, service: string, other: string): string {
  return `Two services read the queue of group ${group}: ${service} here and ${other} elsewhere. Each gets a part of its messages. A queue belongs to one service: stop one of the two.`;
}

/** Partitions were added to a topic whose keys have lanes. */
export function partitionsAdded(topic: string, lanes: number, partitions: number): string {
  return `Topic ${topic} has ${partitions} partitions now, and its contract has ${lanes} lanes. All partitions are read. ${lanesAdvice(partitions)}`;
}

/** So many are unsettled, and so far apart, that what is settled beyond them could not be committed. Told once for the first of them. */
export function partitionStalled(topic: string, number: number, first: number): string {
  return new MessagingError("blocked", {
    what: `Topic ${topic}, partition ${number}, is not read on: more than ${MOST_GAPS} messages are unsettled, and the first, at offset ${first}, lies ${SPAN} or more back.`,
    advice: "Look at what their handlers wait for; it is read on when they are settled.",
  }).message;
}

/** There is no codec for how the records are compressed, or they are damaged. */
export function partitionUnreadable({ topic, number, next }: ReadPosition, reason: string): string {
  return new MessagingError("undecodable", {
    what: `Topic ${topic}, partition ${number}, is read no further than offset ${next}: ${reason}.`,
    advice:
      "If its codec is missing, install it (kafkajs-snappy, kafkajs-lz4, @kafkajs/zstd) and register it in kafkajs' CompressionCodecs. If the bytes are damaged, look at the broker's disks. It is tried again each minute; nothing is lost.",
  }).message;
}

/** A permission that was there is gone. */
export function permissionLost(what: string): string {
  return new MessagingError("not-permitted", {
    what: `Kafka does not permit ${what} any more.`,
    advice: "Grant it again; nothing is lost meanwhile.",
  }).message;
}
