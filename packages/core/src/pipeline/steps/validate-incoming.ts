import { MessagingError, describeThrown } from "../../ground/messaging-error.ts";
import { describeIssues, type SchemaResult } from "../../message/schema.ts";
import type { IncomingMessage } from "../incoming-message.ts";
import type { TryStep } from "../incoming-step.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";

/** Checks what came, whoever sent it: the handler gets the schema's output. */
export const validateIncoming: TryStep = {
  name: "validate",
  run(message, next) {
    return andThen(check(message), (result) => {
      if (result.issues !== undefined) throw invalid(message, describeIssues(result.issues));
      message.data = result.value;
      return next(message);
    });
  },
};

function check(message: IncomingMessage): MaybePromise<SchemaResult> {
  try {
    return message.handler.contract.data["~standard"].validate(message.envelope.data);
  } catch (cause) {
    throw invalid(message, `the schema threw ${describeThrown(cause)}`, cause);
  }
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
