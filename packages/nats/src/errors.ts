import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { MessagingError } from "@waybill/core/transport";
import { connectFailed as failedConnection, describeThrown } from "@waybill/core/transport-kit";

/** Error codes of the JetStream API (nats-server, server/errors.json) that mean something to us. */
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

export function isRefused(error: unknown): boolean {
  return (
    error instanceof errors.PermissionViolationError ||
    (error instanceof Error && error.cause !== undefined && isRefused(error.cause))
  );
}

/** Whether this user may not hear what it asks for. */
export function isDeaf(error: unknown): boolean {
  if (error instanceof errors.PermissionViolationError) return error.operation === "subscription";
  return error instanceof Error && error.cause !== undefined && isDeaf(error.cause);
}

export function deafError(addresses: readonly string[], cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `NATS at ${addresses.join(", ")} does not let this user hear answers: ${describeThrown(cause)}.`,
    advice: "Allow subscribing there, or say by inbox_prefix where its inboxes may be.",
    isRetriable: false,
    cause,
  });
}

/** What a NATS server says when it refuses a user or has no JetStream. */
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

/** What an administrative operation on `entity` ended with. */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  if (isRefused(cause))
    return new MessagingError("not-permitted", {
      what: `NATS does not let this user work on ${entity}: ${describeThrown(cause)}.`,
      advice: "Allow publishing to $JS.API.> and $JS.ACK.>, or let somebody else provision.",
      cause,
    });
  if (apiCode(cause) === undefined || apiCode(cause) === API.unavailable)
    return new MessagingError("disconnected", {
      what: `NATS did not answer about ${entity}: ${describeThrown(cause)}.`,
      advice: "Wait until it is ready; check that this user may use $JS.API.> and its inbox.",
      cause,
    });
  return new MessagingError("provisioning-failed", {
    what: `NATS did not do what was asked of ${entity}: ${describeThrown(cause)}.`,
    advice: "Read the reason; subjects that overlap with another stream's are a frequent one.",
    cause,
  });
}

/** Somebody else made an entity of that name, with other properties. */
export function isTaken(error: unknown): boolean {
  const code = apiCode(error);
  return code === API.streamNameInUse || code === API.consumerExists;
}

export function isNotEnabled(error: unknown): boolean {
  const code = apiCode(error);
  if (code === API.notEnabled || code === API.notEnabledForAccount) return true;
  // The client has a class for it and keeps it to itself.
  return error instanceof Error && /jetstream (?:is )?not enabled/i.test(error.message);
}
