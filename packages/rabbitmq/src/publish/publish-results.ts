import { describeThrown, refusal } from "@waybill/core/transport-kit";
import { STORED, type PublishFailure, type PublishResult } from "@waybill/core/transport";
import { isAccessRefused } from "../errors.ts";
import type { DeclaredEntities } from "./declared-entities.ts";
import type { Entity } from "./routes.ts";

/** The results of one stored message, shared to save an allocation for each message. */
export const ONE_STORED: readonly PublishResult[] = [STORED];

/** Returns the failure of a message that was written and not confirmed. */
export function unconfirmed(error: unknown): PublishFailure {
  const text = describeThrown(error);
  return text === "message nacked"
    ? { code: "rejected", message: "RabbitMQ rejected the message.", maybeStored: true, cause: error }
    : {
        code: "disconnected",
        message: `${text} before RabbitMQ confirmed the message.`,
        maybeStored: true,
        cause: error,
      };
}

/** Returns the failure of a message that amqplib refused to write. */
export function unwritten(error: unknown): PublishFailure {
  const text = describeThrown(error);
  // The message is fine if only the channel is closed. amqplib never writes a message that it cannot encode.
  if (error instanceof Error && error.name === "IllegalOperationError")
    return refusal("disconnected", `${text}.`, error);
  return /exceeds the \d+ byte/.test(text)
    ? refusal("too-large", `${text}.`, error)
    : refusal("rejected", `amqplib cannot write the message: ${text}.`, error);
}

/** Returns why no message can be published to an exchange or a queue; undefined if it exists. Never rejects. */
export async function entityFailure(
  declared: DeclaredEntities,
  entity: Entity,
): Promise<PublishFailure | undefined> {
  try {
    if (await declared.check(entity)) return undefined;
    return refusal("unroutable", `RabbitMQ has no ${entity.kind} ${entity.name}.`);
  } catch (error) {
    const code = isAccessRefused(error) ? "not-permitted" : "disconnected";
    return refusal(code, `${describeThrown(error)}.`, error);
  }
}

/**
 * Returns the result of an event that RabbitMQ returned because no queue received it. With a fanout exchange the event counts
 * as stored: the topic has no subscriber. An exchange of another type may have queues that an empty routing key does not reach.
 */
export async function returnedEventResult(
  declared: DeclaredEntities,
  exchange: string,
): Promise<PublishResult> {
  try {
    if (await declared.checkFanout(exchange)) return STORED;
  } catch (error) {
    return { ok: false, error: unconfirmed(error) };
  }
  const message =
    `No queue received the message: exchange ${exchange} is not a fanout exchange, and no queue is bound to it with an empty ` +
    "routing key.";
  return { ok: false, error: refusal("unroutable", message) };
}
