import { MessagingError, describeThrown } from "../../ground/messaging-error.ts";
import { describeIssues, type SchemaResult } from "../../message/schema.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { Step } from "../compose.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing-message.ts";

/** Checks the data before it leaves. What travels is the input: the receiver's own schema makes the output of it. */
export const validateOutgoing: Step<OutgoingMessage, MaybePromise<Envelope>> = {
  name: "validate",
  run(message, next) {
    const { schema } = message.route;
    if (schema === undefined) return next(message);
    return andThen(check(message, schema["~standard"].validate), (result) => {
      if (result.issues !== undefined) throw invalid(message, describeIssues(result.issues));
      message.output = result.value;
      return next(message);
    });
  },
};

function check(
  message: OutgoingMessage,
  validate: (data: unknown) => MaybePromise<SchemaResult>,
): MaybePromise<SchemaResult> {
  try {
    return validate(message.data);
  } catch (cause) {
    throw invalid(message, `the schema threw ${describeThrown(cause)}`, cause);
  }
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
