/** The headers of a message: names in ASCII, values of any text. Bytes belong in the body. */
export type Headers = Readonly<Record<string, string>>;

/** Empty headers, shared so that most messages allocate none. */
export const NO_HEADERS: Headers = Object.freeze({});

/** The wire names of CloudEvents attributes beyond the four required ones (CloudEvents 1.0 §3.1: `[a-z0-9]`). */
export const ATTRIBUTE = {
  correlationId: "correlationid",
  causationId: "causationid",
  partitionKey: "partitionkey",
  replyTo: "replyto",
} as const;

/**
 * The prefix of CloudEvents attributes in the headers of a message in binary mode. Adapters replace it by the prefix
 * of their broker.
 */
export const BINARY_PREFIX = "ce-";

/** The names of Waybill's own headers. A header is written only if it has a value. */
export const HEADER = {
  /** The progress of retries, in three numbers: see `Progress`. */
  progress: "waybill-progress",
  /** The number of earlier deliveries, if the broker does not count them. */
  attempt: "waybill-attempt",
  /** The error code of a dead letter. */
  failureCode: "waybill-failure-code",
  /** The text of the failure. */
  failureMessage: "waybill-failure-message",
  /** The time at which the message was given up: RFC 3339, UTC. */
  failureTime: "waybill-failure-time",
  /** The service that gave the message up. */
  failureService: "waybill-failure-service",
  /** The number of times that the handler was called. */
  failureTries: "waybill-failure-tries",
  /** The source of the message: `queue:name` or `topic:name`. */
  failureSource: "waybill-failure-source",
  /** The lane of the message, if it had one: a number from 0. */
  failureLane: "waybill-failure-lane",
  /**
   * The own headers of a retry or dead letter as one JSON text, when the broker refused to store the message with
   * them.
   */
  setAside: "waybill-headers",
} as const;
