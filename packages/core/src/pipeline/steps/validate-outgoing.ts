import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Schema } from "../../message/schema.ts";
import { checkData, type Refusal } from "../outgoing/check-data.ts";
import type { Step } from "../compose.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

export interface OutgoingCheck {
  readonly clock: Clock;
  /** Whether later steps may be asynchronous. */
  readonly hasAsyncSteps: boolean;
}

/**
 * Validates the data before it is sent. The message contains the schema's input; the receiver's schema converts it
 * to the output. A message that is validated or encoded asynchronously is copied first, because its sender may change
 * the data meanwhile.
 */
export function validateOutgoing({
  clock,
  hasAsyncSteps,
}: OutgoingCheck): Step<OutgoingMessage, MaybePromise<Envelope>> {
  /** Schemas that answered synchronously the last time: they are expected to do so again. */
  const synchronous = new WeakSet<Schema>();
  return {
    name: "validate",
    run(message, next) {
      const { schema } = message.route;
      const isSynchronous = schema === undefined || synchronous.has(schema);
      if (hasAsyncSteps || !isSynchronous) message.takeSnapshot();
      if (schema === undefined) return next(message);
      const refuse: Refusal = (issues, cause) => invalidData(message, issues, cause);
      const checked = checkData(schema, message.data, { refuse, clock });
      if (checked instanceof Promise) {
        synchronous.delete(schema);
        message.takeSnapshot();
      } else if (!isSynchronous) synchronous.add(schema);
      return andThen(checked, (output) => {
        message.output = output;
        return next(message);
      });
    },
  };
}

function invalidData(message: OutgoingMessage, issues: string, cause?: unknown): MessagingError {
  const isReply = message.intent === "reply";
  return new MessagingError(isReply ? "invalid-reply" : "invalid-data", {
    what: `The data of ${message.route.type} does not match its schema: ${issues}.`,
    advice: isReply
      ? "Return data that matches the reply schema of the command."
      : "Correct the data; nothing was sent.",
    messageId: message.cause?.message.id,
    cause,
  });
}
