import type { Destination, PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import { groupSubject, isPlain, queueSubject, topicSubject } from "../topology/names.ts";
import { isKnownAddress } from "../wire/reply-address.ts";

export interface Route {
  readonly now: number;
  /** What addresses may begin with to which replies are sent. */
  readonly replyPrefixes: readonly string[];
}

/** The subject that a message is published to, or why there is none. */
export function subjectOf(message: WireMessage, { now, replyPrefixes }: Route): string | PublishFailure {
  const { destination, lane, deliverAt } = message;
  if (destination.kind === "reply")
    return isKnownAddress(destination.address, replyPrefixes)
      ? destination.address
      : refusal(
          "unroutable",
          "The reply address is none that this transport replies to: allow its prefix by replyPrefixes if it is.",
        );
  const delayMs = deliverAt === undefined ? 0 : deliverAt - now;
  if (delayMs > LONGEST_DELAY_MS)
    return refusal("delay-too-long", `A delay of ${delayMs} ms is longer than ${LONGEST_DELAY_MS} ms.`);
  const name = nameIn(destination);
  if (!isPlain(name) || (destination.kind === "group" && !isPlain(destination.group)))
    return refusal(
      "rejected",
      `${JSON.stringify(name)} is no name: letters, digits, dots, hyphens and underscores make one.`,
    );
  switch (destination.kind) {
    case "queue":
      return queueSubject(name, lane);
    case "topic":
      return topicSubject(name, lane);
    case "group":
      return groupSubject(name, destination.group, lane);
  }
}

function nameIn(destination: Exclude<Destination, { readonly kind: "reply" }>): string {
  return destination.kind === "group" ? destination.topic : destination.name;
}
