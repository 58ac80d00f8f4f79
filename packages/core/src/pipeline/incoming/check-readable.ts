import { decodePlain } from "../../codec/plain.ts";
import type { Clock } from "../../environment/clock.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { checkData, type Refusal } from "../outgoing/check-data.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { OutgoingMessage } from "../outgoing/outgoing-message.ts";

/**
 * Asks the schema once more, about the data as its receiver will read it: a Date arrives as text, and a schema that takes
 * only a Date would refuse it there. So does one that asks for an instance of a class, or for a property that is undefined. For data with values that JSON writes as something else.
 * @throws MessagingError `not-serializable`
 */
export function checkReadable(message: OutgoingMessage, clock: Clock): MaybePromise<unknown> {
  const { schema } = message.route;
  if (schema === undefined) return undefined;
  const refuse: Refusal = (issues, cause) => unreadable(message, issues, cause);
  return checkData(schema, readBack(message), { refuse, clock });
}

function readBack({ envelope, route, wire }: OutgoingMessage): unknown {
  if (route.plain === undefined) return JSON.parse(JSON.stringify(envelope.data)) as unknown;
  const { id, type, source } = envelope;
  return decodePlain(wire, route.plain, { id, type, source }).data;
}

function unreadable({ route, envelope }: OutgoingMessage, issues: string, cause: unknown): MessagingError {
  return new MessagingError("not-serializable", {
    what: `The data of ${route.type} holds values that JSON writes as something else (a Date as text, an instance of a class as a plain object, undefined not at all), and its schema refuses what would arrive: ${issues}.`,
    advice:
      "Declare what travels, with zod z.iso.datetime() for a text or z.coerce.date() for a Date in place of z.date(), and an object of fields in place of a class, or send what travels; nothing was sent.",
    messageId: envelope.id,
    cause,
  });
}
