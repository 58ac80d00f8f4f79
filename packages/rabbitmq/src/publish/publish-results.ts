import type { Message } from "amqplib";
import { describeThrown, refusal } from "@waybill/core/transport-kit";
import type { PublishFailure } from "@waybill/core/transport";

/** What a message that was sent ended with, where that was no confirm. */
export function unconfirmed(error: unknown): PublishFailure {
  const text = describeThrown(error);
  return text === "message nacked"
    ? { code: "rejected", message: "RabbitMQ did not take the message.", maybeStored: true, cause: error }
    : {
        code: "disconnected",
        message: `${text} before RabbitMQ confirmed.`,
        maybeStored: true,
        cause: error,
      };
}

/** What amqplib threw instead of sending. Nothing was written then. */
export function unsent(error: unknown): PublishFailure {
  const text = describeThrown(error);
  // On a closed channel the same message will do later; what cannot be encoded will never do.
  if (error instanceof Error && error.name === "IllegalOperationError")
    return refusal("disconnected", `${text}.`, error);
  return /exceeds the \d+ byte/.test(text)
    ? refusal("too-large", `${text}.`, error)
    : refusal("rejected", `The client cannot write the message: ${text}.`, error);
}

export function returnKey({ fields, properties }: Message): string {
  return `${String(properties.messageId ?? "")} ${fields.exchange} ${fields.routingKey}`;
}

export function replyText({ fields }: Message): string {
  return "replyText" in fields ? String(fields.replyText) : "unroutable";
}
