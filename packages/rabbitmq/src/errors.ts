import { MessagingError } from "@waybill/core/transport";
import { connectFailed as failedConnection, describeThrown } from "@waybill/core/transport-kit";

/** The reply codes of AMQP 0-9-1 (§1.2) that the adapter distinguishes. */
const CODE = {
  accessRefused: 403,
  notFound: 404,
  locked: 405,
  preconditionFailed: 406,
  notAllowed: 530,
} as const;

function replyCode(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

/** Whether a queue or an exchange does not exist. */
export function isNotFound(error: unknown): boolean {
  return replyCode(error) === CODE.notFound;
}

/** Whether another connection owns an exclusive queue. */
export function isLocked(error: unknown): boolean {
  return replyCode(error) === CODE.locked;
}

/** Whether an entity exists with other properties, or an argument is invalid. */
export function isInequivalent(error: unknown): boolean {
  return replyCode(error) === CODE.preconditionFailed;
}

/** Whether RabbitMQ answered with an error, in contrast to a lost connection. */
export function isBrokerReply(error: unknown): boolean {
  return typeof replyCode(error) === "number";
}

/** Whether this user lacks a permission. */
export function isAccessRefused(error: unknown): boolean {
  return replyCode(error) === CODE.accessRefused;
}

const OTHER_PROTOCOL = "the server there does not speak AMQP 0-9-1";

/**
 * The advice for a refused login, a refused virtual host and another protocol, by the error texts of RabbitMQ and
 * amqplib.
 */
const CONNECT_ADVICE = [
  { pattern: /does not speak AMQP/, advice: "Check the scheme of the URL and the port.", isFinal: true },
  { pattern: /ACCESS.REFUSED.*login/i, advice: "Check the user name and the password.", isFinal: true },
  {
    pattern: /virtual host|NOT.ALLOWED|ACCESS.REFUSED/i,
    advice: "Check that the virtual host exists and that the user may use it.",
    isFinal: true,
  },
] as const;

/** Returns the error of a failed connection. Its text contains the addresses, and no other part of the URL. */
export function connectFailed(addresses: readonly string[], cause: unknown): MessagingError {
  return failedConnection({ broker: "RabbitMQ", addresses, cause, reason: reasonOf(cause) }, CONNECT_ADVICE);
}

/**
 * Returns the reason of a failed connection. amqplib hides two of them: it expects ConnectionOpenOk when RabbitMQ refuses the
 * virtual host, and it reads the first bytes of another protocol as the length of a frame.
 */
function reasonOf(cause: unknown): string {
  const text = describeThrown(cause);
  if (/ConnectionOpenOk/.test(text)) return "it refused to open the virtual host";
  return /Frame size \d+ exceeds/.test(text) ? OTHER_PROTOCOL : text;
}

/** Returns the coded error of a failed topology operation on `entity`. */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  if (isAccessRefused(cause))
    return new MessagingError("not-permitted", {
      what: `RabbitMQ does not let this user check or create ${entity}: ${describeThrown(cause)}.`,
      advice: "Grant configure, write and read permission on it, or provision with another user.",
      cause,
    });
  const [code, advice] = codeAndAdvice(cause);
  return new MessagingError(code, {
    what: `RabbitMQ could not check or create ${entity}: ${describeThrown(cause)}.`,
    advice,
    cause,
  });
}

/** Returns the coded error of a failed attempt to consume from a queue. */
export function consumingError(queue: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError || !isAccessRefused(cause))
    return provisioningError(`queue ${queue}`, cause);
  return new MessagingError("not-permitted", {
    what: `RabbitMQ does not let this user read from queue ${queue}: ${describeThrown(cause)}.`,
    advice: "Grant read permission on it.",
    cause,
  });
}

function codeAndAdvice(cause: unknown): readonly [MessagingError["code"], string] {
  return isBrokerReply(cause)
    ? ["provisioning-failed", "Check the reason above and RabbitMQ's log."]
    : ["disconnected", "Wait until the transport is ready."];
}

export function notConnected(): MessagingError {
  return new MessagingError("disconnected", {
    what: "There is no connection to RabbitMQ.",
    advice: "Wait until the transport is ready.",
  });
}
