import type { ErrorCode } from "../../environment/error-codes.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { PublishFailure } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";

/** Returns the error of a message that the transport or the broker refused for good. */
export function notStored(
  message: WireMessage,
  { code, message: what, maybeStored, cause }: PublishFailure,
): MessagingError {
  return new MessagingError(code, {
    what: `Message ${name(message)} was not stored: ${what}`,
    advice: ADVICE[code],
    messageId: message.id,
    maybeStored,
    cause,
  });
}

/** Returns the error of a message that waited too long. @param facts `isInFlight`: the broker has it and did not confirm it */
export function publishTimeout(
  message: WireMessage,
  afterMs: number,
  { maybeStored, isInFlight }: { readonly maybeStored: boolean; readonly isInFlight: boolean },
): MessagingError {
  const reason = isInFlight ? "the broker did not confirm it" : "the broker was unreachable or blocked";
  return new MessagingError("publish-timeout", {
    what: `Message ${name(message)} could not be stored within ${afterMs} ms: ${reason}.`,
    advice: resendAdvice(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

/** Returns the error of a message that does not fit into the send buffer. @param waiting such as `10000 messages` */
export function bufferFull(message: WireMessage, waiting: string): MessagingError {
  return new MessagingError("buffer-full", {
    what: `Message ${name(message)} was refused: the send buffer is full, ${waiting} wait for the broker.`,
    advice: `Send less while bus.state() is not ready, or raise sendBuffer or sendBufferBytes. ${resendAdvice(false)}`,
    messageId: message.id,
    maybeStored: false,
  });
}

/** Returns the error of a command whose request ended before the command was sent. */
export function withdrawn(message: WireMessage, maybeStored: boolean): MessagingError {
  return new MessagingError("request-aborted", {
    what: `Message ${name(message)} was withdrawn: its request has ended.`,
    advice: resendAdvice(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

/** Returns the error of a message that was not confirmed before the bus stopped. */
export function stoppedBeforeStored(message: WireMessage, maybeStored: boolean): MessagingError {
  return new MessagingError("bus-stopped", {
    what: `Message ${name(message)} was not confirmed before the bus stopped.`,
    advice: resendAdvice(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

const ADVICE: Readonly<Record<PublishFailure["code"], string>> = {
  unroutable: "Provision its destination: list the contract in sends, or start its service first.",
  "too-large": "Send less data, or a reference to the data.",
  rejected: "See the broker's log for the reason; the broker may be full.",
  "not-permitted": "Grant the permission to write to the destination.",
  "delay-too-long": "Shorten the delay, or keep the message in a store of your own.",
  blocked: "Wait until the broker accepts messages again.",
  disconnected: "Send it again once the bus is ready.",
  closed: "Send it before the bus stops.",
};

/** Returns whether the sender resends a message after this failure, under the same id. */
export function isWorthResending({ code }: { readonly code: ErrorCode }): boolean {
  return code === "disconnected" || code === "blocked";
}

function resendAdvice(maybeStored: boolean): string {
  return maybeStored
    ? "It may be stored: sending it again may duplicate it."
    : "It is not stored: sending it again is safe.";
}

function name({ type, id }: WireMessage): string {
  return type === undefined ? id : `${type} ${id}`;
}
