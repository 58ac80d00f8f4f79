/** Header names are ASCII, values any text; what is binary lives in the body. */
export type Headers = Readonly<Record<string, string>>;

/** No headers: shared, so that the usual message allocates none. */
export const NO_HEADERS: Headers = Object.freeze({});

/** CloudEvents attributes beyond the required four, as they are spelled on the wire (CloudEvents 1.0 §3.1: `[a-z0-9]`). */
export const ATTRIBUTE = {
  correlationId: "correlationid",
  causationId: "causationid",
  partitionKey: "partitionkey",
  replyTo: "replyto",
} as const;

/** What a CloudEvents attribute is prefixed with in the headers of a binary-mode message; adapters respell it for their broker. */
export const BINARY_PREFIX = "ce-";

/** Headers of our own: written only when there is something to say. */
export const HEADER = {
  /** How far the retries of a message have come: rounds, the delivery with the last outcome, suspicions. */
  progress: "waybill-progress",
  /** How many deliveries came before this one, where the broker does not count them. */
  attempt: "waybill-attempt",
  /** Why a message is a dead letter: an error code. */
  failureCode: "waybill-failure-code",
  /** The failure in words. */
  failureMessage: "waybill-failure-message",
  /** When it was given up: RFC 3339, UTC. */
  failureTime: "waybill-failure-time",
  /** The service that gave it up. */
  failureService: "waybill-failure-service",
  /** How often its handler was tried. */
  failureTries: "waybill-failure-tries",
  /** Where it was read from: `queue:name` or `topic:name`. */
  failureSource: "waybill-failure-source",
  /** By which lane it was read, where it had one: a number from 0. */
  failureLane: "waybill-failure-lane",
  /** The headers of a message that could not be stored again with them: JSON, one text for all. */
  setAside: "waybill-headers",
} as const;
