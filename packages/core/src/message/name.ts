import { MessagingError } from "../environment/messaging-error.ts";

/**
 * Names must fit every broker: a Kafka topic takes 249 characters of `[A-Za-z0-9._-]`, an AMQP queue 255 bytes,
 * a NATS subject no spaces, wildcards or empty tokens. Adapters add suffixes (lane, group), hence the lower limit.
 */
const LONGEST_NAME = 100;
/** Of the brokers themselves, and of what this library creates beside the application's own. */
const RESERVED = /^(?:amq|waybill)\./i;
const PATTERN = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

/**
 * Returns the name when every broker takes it.
 * @throws MessagingError `invalid-name`, naming what it is the name of.
 */
export function checkName(name: unknown, of: string): string {
  const fits = typeof name === "string" && name.length <= LONGEST_NAME && PATTERN.test(name);
  if (fits && !RESERVED.test(name)) return name;
  if (fits)
    throw new MessagingError("invalid-name", {
      what: `The name of ${of} is ${JSON.stringify(name)}, which is reserved: RabbitMQ keeps amq. for itself, and waybill. is what this library creates.`,
      advice: "Begin it with another word.",
    });
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, LONGEST_NAME + 20)) : typeof name;
  throw new MessagingError("invalid-name", {
    what: `The name of ${of} is ${shown}, which some broker refuses.`,
    advice: `Use letters and digits joined by single dots, hyphens or underscores, at most ${LONGEST_NAME} characters.`,
  });
}
