import type { Destination, Source } from "@waybill/core/transport";
import { destinationOf } from "@waybill/core/transport-kit";
import { deadLetterTopicName, groupId, delayTopicName, type Names } from "./names.ts";

/** Returns the number of partitions that a topic had at the last look-up; 0 for a topic that does not exist. */
export type PartitionCountOf = (topic: string) => number;

/** A source on the broker. */
export interface SourceTopics {
  readonly groupId: string;
  /** The topics of its messages; lane by lane they belong together. */
  readonly messageTopics: readonly string[];
  /** Where messages for it alone go: retries that are due, replays, and what is handed on. Never a topic of somebody else. */
  readonly ownTopic: string;
  /** The topic of its waiting rooms; absent for dead letters, which do not wait. */
  readonly delayTopic: string | undefined;
  readonly lanes: number | undefined;
  /** Where its messages were sent to. */
  readonly destination: Destination;
}

/** All topics that are read of a source. */
export function allTopicsOf({ messageTopics, delayTopic }: SourceTopics): readonly string[] {
  return delayTopic === undefined ? messageTopics : [...messageTopics, delayTopic];
}

export function sourceTopicsOf(source: Source, names: Names): SourceTopics {
  switch (source.kind) {
    case "queue": {
      const place = names.queue(source.name);
      const ownTopic = names.ownQueue(source.name);
      return {
        groupId: place,
        messageTopics: place === ownTopic ? [place] : [place, ownTopic],
        ownTopic,
        delayTopic: delayTopicName(place),
        lanes: source.lanes,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
    case "topic": {
      const place = names.topic(source.name);
      const ownTopic = names.groupTopic(source.name, source.group);
      return {
        groupId: groupId(place, source.group),
        messageTopics: [place, ownTopic],
        ownTopic,
        delayTopic: delayTopicName(ownTopic),
        lanes: source.lanes,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
    case "dead-letters": {
      const place = deadLetterTopicName(source.group);
      return {
        groupId: place,
        messageTopics: [place],
        ownTopic: place,
        delayTopic: undefined,
        lanes: undefined,
        destination: destinationOf(source, deadLetterTopicName(source.group)),
      };
    }
  }
}
