import type { Topology } from "@waybill/core/transport";
import { ROOMS_MS } from "./delay-tiers.ts";
import { deadLettersName, laterName, type Names } from "./names.ts";
import type { WantedTopic } from "./create-topics.ts";
import type { CountOf } from "../lanes/assignable-units.ts";

/** For the headers that a message gets when it waits or is given up, so that the largest can be. */
const HEADROOM = 65_536;

export interface Wanting {
  readonly names: Names;
  /** Of what has no order. */
  readonly partitions: number;
  /** How long events are kept at least, so that a group that is away misses none. */
  readonly retentionMs: number;
  /** What the broker takes in one batch. */
  readonly batchBytes: number;
  /** How many partitions the topics of somebody else have. */
  readonly countOf: CountOf;
}

/** The topics that a topology needs, each once. */
export function topicsOf(topology: Topology, wanting: Wanting): readonly WantedTopic[] {
  const { names, retentionMs, batchBytes } = wanting;
  const largest = batchBytes + HEADROOM;
  const rooms = (place: string): WantedTopic => ({
    name: laterName(place),
    partitions: ROOMS_MS.length,
    must: "exactly",
    retentionMs: undefined,
    largest,
  });
  const all: WantedTopic[] = [
    ...topology.queues.flatMap(({ name, lanes }) => {
      const [place, own] = [names.queue(name), names.ownQueue(name)];
      return [
        { ...spread(lanes, place, wanting), name: place, retentionMs: undefined },
        ...(own === place ? [] : [ownOf(own, { lanes, place }, wanting)]),
        rooms(place),
      ];
    }),
    ...topology.topics.map(({ name, lanes, retainMs }) => ({
      ...spread(lanes, names.topic(name), wanting),
      name: names.topic(name),
      // Of an event that retains, longer than of any that does not: so both are told apart.
      retentionMs: retainMs === undefined ? retentionMs : Math.max(retainMs, retentionMs + 1),
    })),
    ...topology.groups.flatMap(({ topic, group, lanes }) => {
      const own = names.own(topic, group);
      return [ownOf(own, { lanes, place: names.topic(topic) }, wanting), rooms(own)];
    }),
    ...topology.services.map((service) => ({
      name: deadLettersName(service),
      partitions: 1,
      must: undefined,
      retentionMs: undefined,
      largest,
    })),
  ];
  return [...new Map(all.map((topic) => [topic.name, topic])).values()];
}

/** A lane is a partition. What has no order is spread over any number: over as many as there are, where the topic is somebody else's. */
function spread(
  lanes: number | undefined,
  place: string,
  { names, partitions, countOf }: Wanting,
): Pick<WantedTopic, "partitions" | "must" | "isOther"> {
  const isOther = names.isOther(place);
  if (lanes !== undefined) return { partitions: lanes, must: "exactly", isOther };
  const there = isOther ? countOf(place) : 0;
  return { partitions: there === 0 ? partitions : there, must: undefined, isOther };
}

/** What is a group's own has at least as many partitions as its topic: a key keeps its lane. */
function ownOf(
  name: string,
  { lanes, place }: { readonly lanes: number | undefined; readonly place: string },
  wanting: Wanting,
): WantedTopic {
  return {
    name,
    partitions: spread(lanes, place, wanting).partitions,
    must: lanes === undefined ? undefined : "at least",
    retentionMs: undefined,
  };
}
