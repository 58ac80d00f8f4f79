import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { REPLY_TOPIC, type Names } from "../topology/names.ts";
import { parseReplyAddress } from "../wire/reply-address.ts";

/** The topic and partition that a record is written to. */
export interface Route {
  readonly topic: string;
  /** Absent for a record that may go to any partition. */
  readonly partition: number | undefined;
  /** The key that replaces the record's own. */
  readonly key?: string;
}

/**
 * Returns the route of a message, or the failure of a message without one. A delayed message has the same route: its reader
 * moves it to the delay topic.
 */
export function routeOf({ destination, lane }: WireMessage, names: Names): Route | PublishFailure {
  switch (destination.kind) {
    case "queue":
      return {
        topic:
          destination.isReplay === true ? names.ownQueue(destination.name) : names.queue(destination.name),
        partition: lane,
      };
    case "topic":
      return { topic: names.topic(destination.name), partition: lane };
    case "group":
      return { topic: names.groupTopic(destination.topic, destination.group), partition: lane };
    case "reply": {
      const address = parseReplyAddress(destination.address);
      return address === undefined
        ? refusal("unroutable", "No inbox has this reply address.")
        : { topic: REPLY_TOPIC, partition: address.partition, key: address.inbox };
    }
  }
}
