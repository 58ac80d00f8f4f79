import type { Topology } from "@waybill/core/transport";
import { TIERS_MS } from "./delay-tiers.ts";
import { deadLetterTopicName, delayTopicName, type Names } from "./names.ts";
import type { WantedTopic } from "./create-topics.ts";
import type { PartitionCountOf } from "./sources.ts";

/** For the headers that a message gets when it waits or is given up, so that the largest can be. */
const HEADROOM = 65_536;

export interface WantedTopicsOptions {
  readonly names: Names;
  /** Of what has no order. */
  readonly partitions: number;
  /** How long events are kept at least, so that a group that is away misses none. */
  readonly retentionMs: number;
  /** What the broker takes in one batch. */
  readonly batchBytes: number;
  /** How many partitions the topics of somebody else have. */
  readonly partitionCountOf: PartitionCountOf;
}

/** The topics that a topology needs, each once. */
export function wantedTopics(topology: Topology, wanting: WantedTopicsOptions): readonly WantedTopic[] {
  const { names, retentionMs, batchBytes } = wanting;
  const largest = batchBytes + HEADROOM;
  const rooms = (place: string): WantedTopic => ({
    name: delayTopicName(place),
    partitions: TIERS_MS.length,
    partitionRule: "exactly",
    retentionMs: undefined,
    largest,
  });
  const all: WantedTopic[] = [
    ...topology.queues.flatMap(({ name, lanes }) => {
      const [place, ownTopic] = [names.queue(name), names.ownQueue(name)];
      return [
        { ...spread(lanes, place, wanting), name: place, retentionMs: undefined },
        ...(ownTopic === place ? [] : [ownOf(ownTopic, { lanes, place }, wanting)]),
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
      const ownTopic = names.groupTopic(topic, group);
      return [ownOf(ownTopic, { lanes, place: names.topic(topic) }, wanting), rooms(ownTopic)];
    }),
    ...topology.services.map((service) => ({
      name: deadLetterTopicName(service),
      partitions: 1,
      partitionRule: undefined,
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
  { names, partitions, partitionCountOf }: WantedTopicsOptions,
): Pick<WantedTopic, "partitions" | "partitionRule" | "isExternal"> {
  const isExternal = names.isExternal(place);
  if (lanes !== undefined) return { partitions: lanes, partitionRule: "exactly", isExternal };
  const there = isExternal ? partitionCountOf(place) : 0;
  return { partitions: there === 0 ? partitions : there, partitionRule: undefined, isExternal };
}

/** What is a group's own has at least as many partitions as its topic: a key keeps its lane. */
function ownOf(
  name: string,
  { lanes, place }: { readonly lanes: number | undefined; readonly place: string },
  wanting: WantedTopicsOptions,
): WantedTopic {
  return {
    name,
    partitions: spread(lanes, place, wanting).partitions,
    partitionRule: lanes === undefined ? undefined : "at least",
    retentionMs: undefined,
  };
}
