import type { Destination, PublishFailure, WireMessage } from "@waybill/core/transport";
import { refusal } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import { groupSubject, isPlain, queueSubject, topicSubject } from "../topology/names.ts";
import { isKnownAddress } from "../wire/reply-address.ts";

export interface RouteOptions {
  readonly now: number;
  /** The allowed prefixes of reply addresses. */
  readonly replyPrefixes: readonly string[];
}

/** Returns the subject to which a message is published, or why there is none. */
export function subjectOf(
  message: WireMessage,
  { now, replyPrefixes }: RouteOptions,
): string | PublishFailure {
  const { destination, lane, deliverAt } = message;
  if (destination.kind === "reply")
    return isKnownAddress(destination.address, replyPrefixes)
      ? destination.address
      : refusal(
          "unroutable",
          "The reply address has an unknown prefix: if it is trusted, add its prefix to the option replyPrefixes.",
        );
  const delayMs = deliverAt === undefined ? 0 : deliverAt - now;
  if (delayMs > LONGEST_DELAY_MS)
    return refusal(
      "delay-too-long",
      `A delay of ${delayMs} ms is longer than the longest delay of ${LONGEST_DELAY_MS} ms.`,
    );
  const name = nameIn(destination);
  if (!isPlain(name) || (destination.kind === "group" && !isPlain(destination.group)))
    return refusal(
      "rejected",
      `${JSON.stringify(name)} is not a valid name on NATS: use letters, digits, dots, hyphens and underscores.`,
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
