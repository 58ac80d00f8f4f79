import { NO_HEADERS, type Source, type Topology, type WireMessage } from "@waybill/core/transport";
import type { Destination } from "./commands.ts";

const LANES = 2;

/** The names of one run on its broker: an unordered queue, a queue with lanes, and a topic with two groups. */
export interface Names {
  readonly groups: readonly [string, string];
  readonly sources: readonly Source[];
  readonly topology: Topology;
  message(
    number: number,
    route: {
      readonly destination: Destination;
      readonly key: number;
      readonly deliverAt: number | undefined;
    },
  ): WireMessage;
}

export function namesOf(prefix: string): Names {
  const [queue, lanes, topic] = [`${prefix}-queue`, `${prefix}-lanes`, `${prefix}-topic`];
  const [first, second] = [`${prefix}-first`, `${prefix}-second`];
  return {
    groups: [first, second],
    sources: [
      { kind: "queue", name: queue, group: first, lanes: undefined },
      { kind: "queue", name: lanes, group: first, lanes: LANES },
      { kind: "topic", name: topic, group: first, lanes: undefined },
      { kind: "topic", name: topic, group: second, lanes: undefined },
    ],
    topology: {
      queues: [
        { name: queue, lanes: undefined },
        { name: lanes, lanes: LANES },
      ],
      topics: [{ name: topic, lanes: undefined, retainMs: undefined }],
      groups: [first, second].map((group) => ({ topic, group, lanes: undefined, from: "latest" as const })),
      services: [first, second],
    },
    message: (number, { destination, key, deliverAt }) => ({
      id: `${prefix} ${number}`,
      destination:
        destination === "topic"
          ? { kind: "topic", name: topic }
          : { kind: "queue", name: destination === "queue" ? queue : lanes },
      body: new TextEncoder().encode(JSON.stringify({ number })),
      contentType: "application/json",
      headers: NO_HEADERS,
      type: "differential",
      correlationId: undefined,
      key: destination === "lanes" ? String(key) : undefined,
      lane: destination === "lanes" ? key % LANES : undefined,
      deliverAt,
    }),
  };
}

/** Returns the number of a message. */
export function numberOf({ id }: WireMessage): number {
  return Number(id.split(" ").at(-1));
}

/** Returns the name of a source or group without the prefix of the run. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}

/** Returns a source as text: `queue of first`. */
export function sourceText(source: Source): string {
  return `${shortName(source.kind === "dead-letters" ? "" : source.name)} of ${shortName(source.group)}`;
}
