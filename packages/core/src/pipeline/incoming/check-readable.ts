import { decodePlain } from "../../codec/plain.ts";
import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { checkData, type Refusal } from "../outgoing/check-data.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/**
 * Validates the data of an outgoing message as its receiver will read it. JSON changes some values: a Date arrives as text,
 * and a schema that accepts only a Date would refuse it. The same is true of instances of classes and of properties that
 * are undefined. Called only for data with such values.
 * @throws MessagingError `not-serializable`
 */
export function checkReadable(message: OutgoingMessage, clock: Clock): MaybePromise<unknown> {
  const { schema } = message.route;
  if (schema === undefined) return undefined;
  const refuse: Refusal = (issues, cause) => notReadable(message, issues, cause);
  return checkData(schema, readBack(message), { refuse, clock });
}

function readBack({ envelope, route, wire }: OutgoingMessage): unknown {
  if (route.plain === undefined) return JSON.parse(JSON.stringify(envelope.data)) as unknown;
  const { id, type, source } = envelope;
  return decodePlain(wire, route.plain, { id, type, source }).data;
}

function notReadable({ route, envelope }: OutgoingMessage, issues: string, cause: unknown): MessagingError {
  return new MessagingError("not-serializable", {
    what: `The data of ${route.type} holds values that JSON changes (a Date becomes text, an instance of a class a plain object, undefined disappears), and its schema refuses the data as it would arrive: ${issues}.`,
    advice:
      "Declare the data as it travels (in zod z.iso.datetime() for text or z.coerce.date() for a Date instead of z.date(), an object of fields instead of a class), or send such data; nothing was sent.",
    messageId: envelope.id,
    cause,
  });
}
