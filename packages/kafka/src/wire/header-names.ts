import { headerNames, ownHeaders } from "@waybill/core/transport-kit";

/** How the attributes of a CloudEvent are prefixed on Kafka (CloudEvents Kafka protocol binding 1.0.2, §3.2.3). */
const KAFKA_PREFIX = "ce_";

/** Headers of the adapter; written only when there is something to say. */
export const OURS = {
  id: "waybill-id",
  contentType: "content-type",
  lane: "waybill-lane",
  /** Not before this time, in milliseconds since the Unix epoch. */
  due: "waybill-due",
  attempt: "waybill-attempt",
  /** A message that its first member had no room for; it is handed on once. */
  spilledOver: "waybill-handed-on",
} as const;

const OWN: ReadonlySet<string> = new Set(Object.values(OURS));

/** kafkajs, which others may read with, looks headers up in plain objects: what every object has, it takes for a header that is there twice. */
const TAKEN: ReadonlySet<string> = new Set([...OWN, ...Object.getOwnPropertyNames(Object.prototype)]);

export function isOurs(name: string): boolean {
  return OWN.has(name);
}

export function escapedName(name: string): string {
  if (name.startsWith(ownHeaders.cloudEventsPrefix))
    return KAFKA_PREFIX + name.slice(ownHeaders.cloudEventsPrefix.length);
  return headerNames.escape(name, name.startsWith(KAFKA_PREFIX) || TAKEN.has(name));
}

export function originalName(name: string): string {
  return name.startsWith(KAFKA_PREFIX)
    ? ownHeaders.cloudEventsPrefix + name.slice(KAFKA_PREFIX.length)
    : headerNames.unescape(name);
}
