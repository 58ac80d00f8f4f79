import { MessagingError } from "@waybill/core/transport";
import { describeThrown } from "@waybill/core/transport-kit";

/** The reply codes of AMQP 0-9-1 (§1.2) that mean something to us. */
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

export function isNotFound(error: unknown): boolean {
  return replyCode(error) === CODE.notFound;
}

/** Somebody else holds an exclusive queue. */
export function isLocked(error: unknown): boolean {
  return replyCode(error) === CODE.locked;
}

export function isInequivalent(error: unknown): boolean {
  return replyCode(error) === CODE.preconditionFailed;
}

/** The broker has answered, so the connection is there. */
export function isAnswer(error: unknown): boolean {
  return typeof replyCode(error) === "number";
}

export function isRefused(error: unknown): boolean {
  return replyCode(error) === CODE.accessRefused;
}

/** Why no connection was made, and what to look at. The text names the addresses, and nothing else of the URL. */
export function connectFailed(addresses: readonly string[], cause: unknown): MessagingError {
  const text = describeThrown(cause);
  // The server's reason is not passed on: amqplib expects the virtual host to be opened, and gets a goodbye.
  const reason = /ConnectionOpenOk/.test(text)
    ? "it does not open the virtual host"
    : isOtherProtocol(text)
      ? OTHER_PROTOCOL
      : text;
  return new MessagingError("connect-failed", {
    what: `RabbitMQ at ${addresses.join(", ")} cannot be reached: ${reason}.`,
    advice: connectAdvice(reason),
    isRetriable: !isFinal(reason),
    cause,
  });
}

const OTHER_PROTOCOL = "the server there does not speak AMQP 0-9-1";

/** The first bytes of another protocol make no frame: amqplib takes them for the length of one. */
function isOtherProtocol(text: string): boolean {
  return /Frame size \d+ exceeds/.test(text);
}

/** Waiting does not help: another protocol, credentials, the virtual host, certificates. */
function isFinal(text: string): boolean {
  return /does not speak AMQP|ACCESS.REFUSED|NOT.ALLOWED|virtual host|certificate|self.signed|altnames|wrong version number/i.test(
    text,
  );
}

function connectAdvice(text: string): string {
  if (text === OTHER_PROTOCOL) return "Check the scheme of the URL and the port.";
  if (/ACCESS.REFUSED.*login/i.test(text)) return "Check user name and password.";
  if (/virtual host|NOT.ALLOWED|ACCESS.REFUSED/i.test(text))
    return "Check that the virtual host exists and that the user may use it.";
  if (/certificate|TLS|SSL|self.signed/i.test(text))
    return "Check the certificates, and that the port speaks TLS.";
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT/.test(text))
    return "Check host and port, and that the broker runs.";
  return "Check the URL, and what the broker's log says.";
}

/** What a topology operation on `entity` ended with. */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  if (isRefused(cause))
    return new MessagingError("not-permitted", {
      what: `RabbitMQ does not let this user work on ${entity}: ${describeThrown(cause)}.`,
      advice: "Grant configure, write and read permission on it, or let somebody else provision.",
      cause,
    });
  const [code, advice] = lost(cause);
  return new MessagingError(code, {
    what: `RabbitMQ did not do what was asked of ${entity}: ${describeThrown(cause)}.`,
    advice,
    cause,
  });
}

/** What asking to consume from a queue ended with. */
export function consumingError(queue: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError || !isRefused(cause)) return provisioningError(`queue ${queue}`, cause);
  return new MessagingError("not-permitted", {
    what: `RabbitMQ does not let this user read from queue ${queue}: ${describeThrown(cause)}.`,
    advice: "Grant read permission on it.",
    cause,
  });
}

function lost(cause: unknown): readonly [MessagingError["code"], string] {
  return isAnswer(cause)
    ? ["provisioning-failed", "Read the reason, and the broker's log."]
    : ["disconnected", "Wait until it is ready."];
}

export function notConnected(): MessagingError {
  return new MessagingError("disconnected", {
    what: "There is no connection to RabbitMQ.",
    advice: "Wait until it is ready.",
  });
}
