import type { Destination, Source } from "@waybill/core/transport";
import type { Queue } from "../consume/queue.ts";
import type { Topic } from "./topic.ts";

/** The queues and topics of a broker, which provisioning creates. */
export interface Entities {
  readonly queues: Map<string, Queue>;
  readonly topics: Map<string, Topic>;
  readonly deadLetters: Map<string, Queue>;
}

export type StoredDestination = Exclude<Destination, { readonly kind: "reply" }>;

/** Returns the queue that a source reads; undefined if it was not provisioned. */
export function queueOf({ queues, topics, deadLetters }: Entities, source: Source): Queue | undefined {
  switch (source.kind) {
    case "queue":
      return queues.get(source.name);
    case "topic":
      return topics.get(source.name)?.groups.get(source.group);
    case "dead-letters":
      return deadLetters.get(source.group);
  }
}

/** Returns the queue or topic of a destination; undefined if it was not provisioned. */
export function targetOf(
  { queues, topics }: Entities,
  destination: StoredDestination,
): Queue | Topic | undefined {
  switch (destination.kind) {
    case "queue":
      return queues.get(destination.name);
    case "topic":
      return topics.get(destination.name);
    case "group":
      return topics.get(destination.topic)?.groups.get(destination.group);
  }
}

/** Returns the name of a destination, for error messages. */
export function nameOf(destination: StoredDestination): string {
  return destination.kind === "group"
    ? `group ${destination.group} of topic ${destination.topic}`
    : `${destination.kind} ${destination.name}`;
}

/** Returns why a message has no lane in its destination, for error messages. */
export function laneProblem(name: string, lane: number | undefined, lanes: number | undefined): string {
  return lane === undefined
    ? `${name} has ${lanes} lanes, and the message names no lane.`
    : `${name} has ${lanes ?? "no"} lanes; lane ${lane} does not exist.`;
}
