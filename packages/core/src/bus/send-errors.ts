import { MessagingError } from "../ground/messaging-error.ts";
import type { PublishFailure } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";

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

export function publishTimeout(message: WireMessage, afterMs: number, maybeStored: boolean): MessagingError {
  return new MessagingError("publish-timeout", {
    what: `Message ${name(message)} could not be stored within ${afterMs} ms: the broker was away.`,
    advice: doubt(maybeStored),
    messageId: message.id,
    maybeStored,
  });
}

export function bufferFull(message: WireMessage, waiting: number, maybeStored: boolean): MessagingError {
  return new MessagingError("buffer-full", {
    what: `Message ${name(message)} was refused: ${waiting} messages already wait for the broker.`,
    advice: `Slow down while bus.state() is not ready, or raise publishing.capacity. ${doubt(maybeStored)}`,
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

function doubt(maybeStored: boolean): string {
  return maybeStored
    ? "It may be stored all the same: sending it again may duplicate it."
    : "It is not stored: sending it again is safe.";
}

function name({ type, id }: WireMessage): string {
  return type === undefined ? id : `${type} ${id}`;
}
