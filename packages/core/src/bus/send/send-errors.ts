import type { ErrorCode } from "../../environment/error-codes.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { PublishFailure } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";

/** The broker's last word on a message. */
export function neverStored(
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

/** @param facts `isOut`: the broker has the message, and does not answer */
export function publishTimeout(
  message: WireMessage,
  afterMs: number,
  { maybeStored, isOut }: { readonly maybeStored: boolean; readonly isOut: boolean },
): MessagingError {
  const reason = isOut ? "the broker did not confirm it" : "the broker was away";
  return new MessagingError("publish-timeout", {
    what: `Message ${name(message)} could not be stored within ${afterMs} ms: ${reason}.`,
    advice: doubt(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

/** @param waiting what waits already: messages, or bytes */
export function bufferFull(message: WireMessage, waiting: string): MessagingError {
  return new MessagingError("buffer-full", {
    what: `Message ${name(message)} was refused: ${waiting} already wait for the broker.`,
    advice: `Slow down while bus.state() is not ready, or raise capacity or capacityBytes. ${doubt(false)}`,
    messageId: message.id,
    maybeStored: false,
  });
}

/** The request that it belongs to has ended. */
export function withdrawn(message: WireMessage, maybeStored: boolean): MessagingError {
  return new MessagingError("request-aborted", {
    what: `Message ${name(message)} was taken back: nobody waits for its reply any more.`,
    advice: doubt(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

export function stopped(message: WireMessage, maybeStored: boolean): MessagingError {
  return new MessagingError("bus-stopped", {
    what: `Message ${name(message)} was not confirmed before the bus stopped.`,
    advice: doubt(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

const ADVICE: Readonly<Record<PublishFailure["code"], string>> = {
  unroutable: "Provision its destination: list the contract in sends, or start its service first.",
  "too-large": "Send less, or a reference to where the data lies.",
  rejected: "Ask the broker's log why; it may be full.",
  "not-permitted": "Grant the permission to write there.",
  "delay-too-long": "Shorten the delay, or keep it in a store of your own.",
  blocked: "Wait until the broker accepts messages again.",
  disconnected: "Send it again once the bus is ready.",
  closed: "Send it before the bus stops.",
};

/** Whether the same message will do later, under the same id. */
export function isWorthResending({ code }: { readonly code: ErrorCode }): boolean {
  return code === "disconnected" || code === "blocked";
}

function doubt(maybeStored: boolean): string {
  return maybeStored
    ? "It may be stored all the same: sending it again may duplicate it."
    : "It is not stored: sending it again is safe.";
}

function name({ type, id }: WireMessage): string {
  return type === undefined ? id : `${type} ${id}`;
}
