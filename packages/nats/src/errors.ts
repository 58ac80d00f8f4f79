import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { MessagingError } from "@waybill/core/transport";
import { connectFailed as failedConnection, describeThrown } from "@waybill/core/transport-kit";

/** The error codes of the JetStream API that the adapter handles (nats-server, server/errors.json). */
export const API = {
  unavailable: 10008,
  consumerNotFound: 10014,
  noMessage: 10037,
  notEnabledForAccount: 10039,
  insufficientResources: 10023,
  memoryExceeded: 10028,
  storageExceeded: 10047,
  messageTooLarge: 10054,
  headersTooLarge: 10097,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  notEnabled: 10076,
  storeFailed: 10077,
  consumerExists: 10148,
  inProcess: 10158,
  tooManyRequests: 10167,
} as const;

export function apiCode(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}

export function isNotFound(error: unknown): boolean {
  const code = apiCode(error);
  return code === API.streamNotFound || code === API.consumerNotFound;
}

/** Returns whether the server refused a publish or a subscription of this user. */
export function isRefused(error: unknown): boolean {
  return (
    error instanceof errors.PermissionViolationError ||
    (error instanceof Error && error.cause !== undefined && isRefused(error.cause))
  );
}

/** Returns whether the server refused a subscription to an inbox, so that this user receives no answers. */
export function isInboxRefused(error: unknown): boolean {
  if (error instanceof errors.PermissionViolationError) return error.operation === "subscription";
  return error instanceof Error && error.cause !== undefined && isInboxRefused(error.cause);
}

export function inboxRefused(addresses: readonly string[], cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `NATS at ${addresses.join(", ")} does not let this user subscribe to its inbox: ${describeThrown(cause)}.`,
    advice: "Allow the subscription, or set inbox_prefix to a prefix that this user may subscribe to.",
    isRetriable: false,
    cause,
  });
}

/** The advice for texts of a NATS server that refuses a user or has no JetStream. */
const ROWS = [
  {
    pattern: /authori[sz]ation|authentication|nkey|credential|jwt/i,
    advice: "Check user, password, token, credentials or NKEY.",
    isFinal: true,
  },
  { pattern: /jetstream/i, advice: "Enable JetStream on the server and for the account." },
] as const;

/** Returns the error of a failed connection. @param addresses without credentials */
export function connectFailed(addresses: readonly string[], cause: unknown): MessagingError {
  const code = apiCode(cause);
  const isFinal = code === API.notEnabled || code === API.notEnabledForAccount;
  return failedConnection({ broker: "NATS", addresses, cause, isFinal }, ROWS);
}

/** Returns the error of a failed administrative request. @param entity the stream or consumer, for the error text */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  if (isRefused(cause))
    return new MessagingError("not-permitted", {
      what: `NATS does not let this user administer ${entity}: ${describeThrown(cause)}.`,
      advice: "Allow publishing to $JS.API.> and $JS.ACK.>, or provision with another user.",
      cause,
    });
  if (apiCode(cause) === undefined || apiCode(cause) === API.unavailable)
    return new MessagingError("disconnected", {
      what: `NATS did not answer a request about ${entity}: ${describeThrown(cause)}.`,
      advice: "Wait until the server is ready, and check that this user may use $JS.API.> and its inbox.",
      cause,
    });
  return new MessagingError("provisioning-failed", {
    what: `NATS refused a request about ${entity}: ${describeThrown(cause)}.`,
    advice:
      "Change the stream or the server as the reason says. A frequent reason is another stream with overlapping subjects.",
    cause,
  });
}

/** Returns whether an entity with that name and other properties exists. */
export function isTaken(error: unknown): boolean {
  const code = apiCode(error);
  return code === API.streamNameInUse || code === API.consumerExists;
}

/** Returns whether JetStream is disabled on the server or for the account. */
export function isNotEnabled(error: unknown): boolean {
  const code = apiCode(error);
  if (code === API.notEnabled || code === API.notEnabledForAccount) return true;
  // The client does not export its class for this error.
  return error instanceof Error && /jetstream (?:is )?not enabled/i.test(error.message);
}
