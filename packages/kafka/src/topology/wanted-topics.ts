import type { Topology } from "@waybill/core/transport";
import { TIERS_MS } from "./delay-tiers.ts";
import { deadLetterTopicName, delayTopicName, type Names } from "./names.ts";
import type { WantedTopic } from "./create-topics.ts";
import type { PartitionCountOf } from "./sources.ts";

/** Space for the headers that a delay or a dead letter adds to the largest message, in bytes. */
const HEADROOM = 65_536;

export interface WantedTopicsOptions {
  readonly names: Names;
  /** The number of partitions of a topic without lanes. */
  readonly partitions: number;
  /** The least retention of events, so that a group whose members are stopped misses none. */
  readonly retentionMs: number;
  /** The largest batch that the broker takes. */
  readonly batchBytes: number;
  /** Returns the number of partitions of an external topic. */
  readonly partitionCountOf: PartitionCountOf;
}

/** Returns the topics that a topology needs, each once. */
export function wantedTopics(topology: Topology, options: WantedTopicsOptions): readonly WantedTopic[] {
  const { names, retentionMs, batchBytes } = options;
  const largestBatch = batchBytes + HEADROOM;
  const delayTopic = (topic: string): WantedTopic => ({
    name: delayTopicName(topic),
    partitions: TIERS_MS.length,
    partitionRule: "exactly",
    retentionMs: undefined,
    largestBatch,
  });
  const all: WantedTopic[] = [
    ...topology.queues.flatMap(({ name, lanes }) => {
      const [topic, ownTopic] = [names.queue(name), names.ownQueue(name)];
      return [
        { ...spread(lanes, topic, options), name: topic, retentionMs: undefined },
        ...(ownTopic === topic ? [] : [ownTopicOf(ownTopic, { lanes, topic }, options)]),
        delayTopic(topic),
      ];
    }),
    ...topology.topics.map(({ name, lanes, retainMs }) => ({
      ...spread(lanes, names.topic(name), options),
      name: names.topic(name),
      // An event with history is kept longer than any event without, so that the retention tells both apart.
      retentionMs: retainMs === undefined ? retentionMs : Math.max(retainMs, retentionMs + 1),
    })),
    ...topology.groups.flatMap(({ topic, group, lanes }) => {
      const ownTopic = names.groupTopic(topic, group);
      return [ownTopicOf(ownTopic, { lanes, topic: names.topic(topic) }, options), delayTopic(ownTopic)];
    }),
    ...topology.services.map((service) => ({
      name: deadLetterTopicName(service),
      partitions: 1,
      partitionRule: undefined,
      retentionMs: undefined,
      largestBatch,
    })),
  ];
  return [...new Map(all.map((topic) => [topic.name, topic])).values()];
}

/** Returns the partitions of a topic: one for each lane; without lanes as the options say, or as many as an external topic has. */
function spread(
  lanes: number | undefined,
  topic: string,
  { names, partitions, partitionCountOf }: WantedTopicsOptions,
): Pick<WantedTopic, "partitions" | "partitionRule" | "isExternal"> {
  const isExternal = names.isExternal(topic);
  if (lanes !== undefined) return { partitions: lanes, partitionRule: "exactly", isExternal };
  const there = isExternal ? partitionCountOf(topic) : 0;
  return { partitions: there === 0 ? partitions : there, partitionRule: undefined, isExternal };
}

/** Returns an own topic, with at least as many partitions as its message topic, so that a key keeps its lane. */
function ownTopicOf(
  name: string,
  { lanes, topic }: { readonly lanes: number | undefined; readonly topic: string },
  options: WantedTopicsOptions,
): WantedTopic {
  return {
    name,
    partitions: spread(lanes, topic, options).partitions,
    partitionRule: lanes === undefined ? undefined : "at least",
    retentionMs: undefined,
  };
}
