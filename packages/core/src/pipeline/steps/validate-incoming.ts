import { MessagingError } from "../../ground/messaging-error.ts";
import { checkData } from "../check-data.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { TryStep } from "../incoming-step.ts";
import { andThen } from "../maybe-promise.ts";

/** Checks what came, whoever sent it: the handler gets the schema's output. */
export const validateIncoming: TryStep = {
  name: "validate",
  run(message, next) {
    const { data } = message.handler.contract;
    const checked = checkData(data, message.envelope.data, (issues, cause) =>
      invalid(message, issues, cause),
    );
    return andThen(checked, (output) => {
      message.data = output;
      return next(message);
    });
  },
};

function invalid({ envelope }: IncomingMessage, issues: string, cause?: unknown): MessagingError {
  return new MessagingError("invalid-message", {
    what: `Message ${envelope.type} ${envelope.id} does not match its schema: ${issues}.`,
    advice:
      "Sender and receiver disagree about the contract: correct one of them, then replay the dead letter.",
    messageId: envelope.id,
    cause,
  });
}
