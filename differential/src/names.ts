import { NO_HEADERS, type Source, type Topology, type WireMessage } from "@waybill/core/transport";
import type { Target } from "./commands.ts";

const LANES = 2;

/** What one playing has on its broker: an unordered queue, one with lanes, and a topic with two groups. */
export interface Names {
  readonly groups: readonly [string, string];
  readonly sources: readonly Source[];
  readonly topology: Topology;
  message(
    number: number,
    where: { readonly target: Target; readonly key: number; readonly deliverAt: number | undefined },
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
    message: (number, { target, key, deliverAt }) => ({
      id: `${prefix} ${number}`,
      destination:
        target === "topic"
          ? { kind: "topic", name: topic }
          : { kind: "queue", name: target === "queue" ? queue : lanes },
      body: new TextEncoder().encode(JSON.stringify({ number })),
      contentType: "application/json",
      headers: NO_HEADERS,
      type: "differential",
      correlationId: undefined,
      key: target === "lanes" ? String(key) : undefined,
      lane: target === "lanes" ? key % LANES : undefined,
      deliverAt,
    }),
  };
}

/** The number that was given to a message. */
export function numberOf({ id }: WireMessage): number {
  return Number(id.split(" ").at(-1));
}

/** Of a source or a group: without what distinguishes this playing from others. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}
