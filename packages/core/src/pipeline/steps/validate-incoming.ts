import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { checkData } from "../outgoing/check-data.ts";
import type { IncomingMessage, TryStep } from "../incoming/incoming-message.ts";
import { andThen } from "../maybe-promise.ts";
import { timeLeftForReply } from "../incoming/reply-deadline.ts";

/**
 * Validates the data of every message, whatever process sent it: the handler gets the output of the schema. The schema of
 * a request must finish before its requester gives up.
 */
export function validateIncoming(clock: Clock): TryStep {
  return {
    name: "validate",
    run(message, next) {
      const { data } = message.handler.contract;
      const checked = checkData(data, message.envelope.data, {
        refuse: (issues, cause) => invalidMessage(message, issues, cause),
        clock,
        limitMs: () => timeLeftForReply(message.envelope, clock.now()),
      });
      return andThen(checked, (output) => {
        message.data = output;
        return next(message);
      });
    },
  };
}

function invalidMessage({ envelope }: IncomingMessage, issues: string, cause?: unknown): MessagingError {
  return new MessagingError("invalid-message", {
    what: `Message ${envelope.type} ${envelope.id} does not match its schema: ${issues}.`,
    advice: "Sender and receiver have different contracts: correct one of them, then replay the dead letter.",
    messageId: envelope.id,
    cause,
  });
}
