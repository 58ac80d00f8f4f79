import type { Clock } from "../../ground/clock.ts";
import { MessagingError } from "../../ground/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { checkData, type Refusal } from "../check-data.ts";
import type { Step } from "../compose.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing-message.ts";

/** Checks the data before it leaves. What travels is the input: the receiver's own schema makes the output of it. */
export function validateOutgoing(clock: Clock): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "validate",
    run(message, next) {
      const { schema } = message.route;
      if (schema === undefined) return next(message);
      const refuse: Refusal = (issues, cause) => invalid(message, issues, cause);
      return andThen(checkData(schema, message.data, { refuse, clock }), (output) => {
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
