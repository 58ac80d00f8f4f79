import { headerNames, ownHeaders } from "@waybill/core/transport-kit";

/** The prefix of CloudEvents attributes on Kafka (CloudEvents Kafka protocol binding 1.0.2, §3.2.3). */
const KAFKA_PREFIX = "ce_";

/** The adapter's own headers. A message has only those that it needs. */
export const OWN_HEADER = {
  id: "waybill-id",
  contentType: "content-type",
  lane: "waybill-lane",
  /** The earliest time of the delivery, in milliseconds since the Unix epoch. */
  due: "waybill-due",
  attempt: "waybill-attempt",
  /** Marks a message that was republished because its first owner was busy. It is republished only once. */
  spilledOver: "waybill-spilled-over",
} as const;

const OWN: ReadonlySet<string> = new Set(Object.values(OWN_HEADER));

/**
 * kafkajs keeps headers in plain objects. It takes a header with the name of an inherited property, such as
 * `toString`, for a repeated header.
 */
const RESERVED: ReadonlySet<string> = new Set([...OWN, ...Object.getOwnPropertyNames(Object.prototype)]);

/** Whether a header is one of the adapter's own. */
export function isOwnHeader(name: string): boolean {
  return OWN.has(name);
}

/** Returns the name under which a message's header is written. */
export function escapedName(name: string): string {
  if (name.startsWith(ownHeaders.cloudEventsPrefix))
    return KAFKA_PREFIX + name.slice(ownHeaders.cloudEventsPrefix.length);
  return headerNames.escape(name, name.startsWith(KAFKA_PREFIX) || RESERVED.has(name));
}

/** Returns the name of a message's header from the name under which it was written. */
export function originalName(name: string): string {
  return name.startsWith(KAFKA_PREFIX)
    ? ownHeaders.cloudEventsPrefix + name.slice(KAFKA_PREFIX.length)
    : headerNames.unescape(name);
}
