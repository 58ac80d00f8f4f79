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
  /** Whether later steps may wait. */
  readonly isLate: boolean;
}

/**
 * Checks the data before it leaves. What travels is the input: the receiver's own schema makes the output of it.
 * Where the message is checked or written later than it was sent, it is copied first: its sender may go on with the data.
 */
export function validateOutgoing({
  clock,
  isLate,
}: OutgoingCheck): Step<OutgoingMessage, MaybePromise<Envelope>> {
  /** Schemas that have answered at once: one that did is taken to do so again. */
  const immediate = new WeakSet<Schema>();
  return {
    name: "validate",
    run(message, next) {
      const { schema } = message.route;
      const isImmediate = schema === undefined || immediate.has(schema);
      if (isLate || !isImmediate) message.keepAsIs();
      if (schema === undefined) return next(message);
      const refuse: Refusal = (issues, cause) => invalid(message, issues, cause);
      const checked = checkData(schema, message.data, { refuse, clock });
      if (checked instanceof Promise) {
        immediate.delete(schema);
        message.keepAsIs();
      } else if (!isImmediate) immediate.add(schema);
      return andThen(checked, (output) => {
        message.output = output;
        return next(message);
      });
    },
  };
}

function invalid(message: OutgoingMessage, issues: string, cause?: unknown): MessagingError {
  const isReply = message.intent === "reply";
  return new MessagingError(isReply ? "invalid-reply" : "invalid-data", {
    what: `The data of ${message.route.type} does not match its schema: ${issues}.`,
    advice: isReply
      ? "Return what the command's reply schema asks for."
      : "Correct the data; nothing was sent.",
    messageId: message.cause?.message.id,
    cause,
  });
}
