import type { Destination, Source } from "@waybill/core/transport";
import { destinationOf } from "@waybill/core/transport-kit";
import { deadLetterTopicName, groupId, delayTopicName, type Names } from "./names.ts";

/** Returns the number of partitions that a topic had at the last look-up; 0 for a topic that does not exist. */
export type PartitionCountOf = (topic: string) => number;

/** The topics and the consumer group of a source. */
export interface SourceTopics {
  readonly groupId: string;
  /** The topics of its messages. The partitions with one number are one lane. */
  readonly messageTopics: readonly string[];
  /** The topic for due retries, replays and republished messages of this source alone. Never an external topic. */
  readonly ownTopic: string;
  /** The topic of its delay tiers; absent for dead letters, which are never delayed. */
  readonly delayTopic: string | undefined;
  readonly lanes: number | undefined;
  /** The destination of its messages. */
  readonly destination: Destination;
}

/** Returns all topics that a source reads. */
export function allTopicsOf({ messageTopics, delayTopic }: SourceTopics): readonly string[] {
  return delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic];
}

/** Returns the topics and the consumer group of a source. */
export function sourceTopicsOf(source: Source, names: Names): SourceTopics {
  switch (source.kind) {
    case "queue": {
      const topic = names.queue(source.name);
      const ownTopic = names.ownQueue(source.name);
      return {
        groupId: topic,
        messageTopics: topic === ownTopic ? [topic] : [topic, ownTopic],
        ownTopic,
        delayTopic: delayTopicName(topic),
        lanes: source.lanes,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
    case "topic": {
      const topic = names.topic(source.name);
      const ownTopic = names.groupTopic(source.name, source.group);
      return {
        groupId: groupId(topic, source.group),
        messageTopics: [topic, ownTopic],
        ownTopic,
        delayTopic: delayTopicName(ownTopic),
        lanes: source.lanes,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
    case "dead-letters": {
      const topic = deadLetterTopicName(source.group);
      return {
        groupId: topic,
        messageTopics: [topic],
        ownTopic: topic,
        delayTopic: undefined,
        lanes: undefined,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
  }
}
