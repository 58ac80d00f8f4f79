import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { REPLIES, type Names } from "../topology/names.ts";
import { replyPlace } from "../wire/reply-address.ts";

/** Where a record goes. */
export interface Route {
  readonly topic: string;
  /** Absent: any. */
  readonly partition: number | undefined;
  /** The key that the record gets instead of its own. */
  readonly key?: string;
}

/** The topic and partition of a message. What has to wait goes there too, and is put aside by whoever reads it. */
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
      return { topic: names.own(destination.topic, destination.group), partition: lane };
    case "reply": {
      const place = replyPlace(destination.address);
      return place === undefined
        ? refusal("unroutable", "No inbox has this reply address.")
        : { topic: REPLIES, partition: place.partition, key: place.inbox };
    }
  }
}
