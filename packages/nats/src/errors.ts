import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";

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

/** Why no connection was made, and what to look at. `addresses` without credentials. */
export function connectFailed(addresses: readonly string[], cause: unknown): MessagingError {
  return new MessagingError("connect-failed", {
    what: `NATS at ${addresses.join(", ")} cannot be reached: ${describeThrown(cause)}.`,
    advice: connectAdvice(describeThrown(cause)),
    isRetriable: !isFinal(cause),
    cause,
  });
}

/** Waiting does not help: credentials, certificates, JetStream that is switched off. */
function isFinal(cause: unknown): boolean {
  const code = apiCode(cause);
  if (code === API.notEnabled || code === API.notEnabledForAccount) return true;
  const text = describeThrown(cause);
  return /authori[sz]ation|authentication|nkey|credential|jwt|certificate|self.signed|altnames|wrong version number/i.test(
    text,
  );
}

function connectAdvice(text: string): string {
  if (/authori[sz]ation|authentication|nkey|credential|jwt/i.test(text))
    return "Check user, password, token, credentials or NKEY.";
  if (/jetstream/i.test(text)) return "Enable JetStream on the server and for the account.";
  if (/altnames/i.test(text))
    return "Reach the server by a name or an address that stands in its certificate, or check who answers there.";
  if (/certificate|TLS|SSL|self.signed/i.test(text))
    return "Check the certificates, and that the port speaks TLS.";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|timeout|refused/i.test(text))
    return "Check host and port, and that the server runs.";
  // A server that wants a client's certificate and gets none of its liking says no more than that.
  if (/ECONNRESET|EPIPE|closed/i.test(text))
    return "The server hung up: check the client's certificate where it asks for one, and what its log says.";
  return "Check the URL, and what the server's log says.";
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
