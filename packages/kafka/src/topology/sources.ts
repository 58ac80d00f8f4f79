import type { Destination, Source } from "@waybill/core/transport";
import { destinationText } from "@waybill/core/transport-kit";
import { deadLettersName, groupId, laterName, type Names } from "./names.ts";

/** A source on the broker. */
export interface SourceTopics {
  readonly groupId: string;
  /** The topics of its messages; lane by lane they belong together. */
  readonly places: readonly string[];
  /** Where messages for it alone go: retries that are due, replays, and what is handed on. Never a topic of somebody else. */
  readonly own: string;
  /** The topic of its waiting rooms; absent for dead letters, which do not wait. */
  readonly later: string | undefined;
  readonly lanes: number | undefined;
  /** Where its messages were sent to. */
  readonly destination: Destination;
}

/** All topics that are read of a source. */
export function topicsOf({ places, later }: SourceTopics): readonly string[] {
  return later === undefined ? places : [...places, later];
}

export function sourceTopicsOf(source: Source, names: Names): SourceTopics {
  switch (source.kind) {
    case "queue": {
      const place = names.queue(source.name);
      const own = names.ownQueue(source.name);
      return {
        groupId: place,
        places: place === own ? [place] : [place, own],
        own,
        later: laterName(place),
        lanes: source.lanes,
        destination: destinationText(source, deadLettersName(source.group)),
      };
    }
    case "topic": {
      const place = names.topic(source.name);
      const own = names.own(source.name, source.group);
      return {
        groupId: groupId(place, source.group),
        places: [place, own],
        own,
        later: laterName(own),
        lanes: source.lanes,
        destination: destinationText(source, deadLettersName(source.group)),
      };
    }
    case "dead-letters": {
      const place = deadLettersName(source.group);
      return {
        groupId: place,
        places: [place],
        own: place,
        later: undefined,
        lanes: undefined,
        destination: destinationText(source, deadLettersName(source.group)),
      };
    }
  }
}
