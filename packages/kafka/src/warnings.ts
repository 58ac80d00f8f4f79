import { MessagingError } from "@waybill/core/transport";
import { lanesAdvice } from "./errors.ts";

/** The next offset of a partition. */
interface ReadPosition {
  readonly topic: string;
  readonly number: number;
  readonly next: number;
}

/** Warns the operator about a problem that no caller can be told. */
export type Warn = (text: string) => void;

/** Returns the warning that retention, or an operator, removed records before the group had read them. */
export function messagesLost({ topic, number, next }: ReadPosition, group: string, start: number): string {
  return new MessagingError("messages-lost", {
    what: `The broker removed messages of topic ${topic}, partition ${number}, from offset ${next} on, before group ${group} had read them; the group continues at offset ${start}.`,
    advice: "Give the topic a longer retention, and do not delete a topic that is read.",
  }).message;
}

/** Returns the warning that a group has lost its offsets. The broker keeps the offsets of a stopped group for `offsets.retention.minutes`, a week by default. */
export function groupForgotten(group: string, topic: string): string {
  return `Kafka has deleted the committed offsets of group ${group} in topic ${topic}. The group continues at the oldest retained record: it misses no message, and handles some messages again. Raise offsets.retention.minutes on the broker above the longest time for which the service is stopped.`;
}

/** Returns the warning that two services share the messages of one queue. */
export function twoOwners(group: string, service: string, other: string): string {
  return `Two services read the queue of group ${group}: ${service} in this process and ${other} in another one. Each gets a part of the messages. A queue belongs to one service: stop one of the two.`;
}

/** Returns the warning that partitions were added to a topic whose contract has lanes. */
export function partitionsAdded(topic: string, lanes: number, partitions: number): string {
  return `Topic ${topic} has ${partitions} partitions now; its contract has ${lanes} lanes. The adapter reads all partitions. ${lanesAdvice(partitions)}`;
}

/**
 * Returns the warning that a partition is not read further, because a commit could not hold more settled ranges.
 * @param first the position of the first unsettled message
 */
export function partitionStalled(
  first: ReadPosition,
  { gaps, span }: { readonly gaps: number; readonly span: number },
): string {
  return new MessagingError("blocked", {
    what: `Topic ${first.topic}, partition ${first.number}, is not read further: more than ${gaps} messages are unsettled, and the adapter has read at least ${span} offsets past the first of them, at offset ${first.next}.`,
    advice: "Check what their handlers wait for. Reading continues when they are settled.",
  }).message;
}

/** Returns the problem that the next batch of a partition cannot be decoded. */
export function partitionUnreadable({ topic, number, next }: ReadPosition, reason: string): string {
  return new MessagingError("undecodable", {
    what: `Topic ${topic}, partition ${number}, is read no further than offset ${next}: ${reason}.`,
    advice:
      "If the codec is missing, install it (kafkajs-snappy, kafkajs-lz4, @kafkajs/zstd) and register it in the CompressionCodecs of kafkajs. If the bytes are damaged, check the disks of the broker. The adapter tries again every minute; no message is lost.",
  }).message;
}

/** Returns the warning that a permission was taken away. @param permission such as `READ on topic orders` */
export function permissionLost(permission: string): string {
  return new MessagingError("not-permitted", {
    what: `Kafka does not permit ${permission} any more.`,
    advice: "Grant it again; no message is lost meanwhile.",
  }).message;
}
