import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { checkData } from "../outgoing/check-data.ts";
import type { IncomingMessage } from "../incoming/incoming-message.ts";
import type { TryStep } from "../incoming/incoming-step.ts";
import { andThen } from "../maybe-promise.ts";
import { timeLeftForReply } from "../incoming/reply-deadline.ts";

/** Checks what came, whoever sent it: the handler gets the schema's output. Ends in time for a requester that waits. */
export function validateIncoming(clock: Clock): TryStep {
  return {
    name: "validate",
    run(message, next) {
      const { data } = message.handler.contract;
      const checked = checkData(data, message.envelope.data, {
        refuse: (issues, cause) => invalid(message, issues, cause),
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

function invalid({ envelope }: IncomingMessage, issues: string, cause?: unknown): MessagingError {
  return new MessagingError("invalid-message", {
    what: `Message ${envelope.type} ${envelope.id} does not match its schema: ${issues}.`,
    advice:
      "Sender and receiver disagree about the contract: correct one of them, then replay the dead letter.",
    messageId: envelope.id,
    cause,
  });
}
