import { MessagingError } from "../environment/messaging-error.ts";

/**
 * The longest name. Names must fit every broker: a Kafka topic has at most 249 characters of `[A-Za-z0-9._-]`, an AMQP queue
 * 255 bytes, a NATS subject no spaces, wildcards or empty tokens. Adapters add suffixes (lane, group), hence the lower limit.
 */
const LONGEST_NAME = 100;
/** Prefixes of RabbitMQ's own entities, and of entities that this library adds. */
const RESERVED = /^(?:amq|waybill)\./i;
const PATTERN = /^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$/;

/**
 * Returns a name that every broker accepts.
 * @param of the thing that has the name, for errors
 * @throws MessagingError `invalid-name`
 */
export function checkName(name: unknown, of: string): string {
  const fits = typeof name === "string" && name.length <= LONGEST_NAME && PATTERN.test(name);
  if (fits && !RESERVED.test(name)) return name;
  if (fits)
    throw new MessagingError("invalid-name", {
      what: `The name of ${of} is ${JSON.stringify(name)}, which is reserved: RabbitMQ reserves amq. for itself, and this library waybill. for its own entities.`,
      advice: "Choose a name with another first word.",
    });
  const shown = typeof name === "string" ? JSON.stringify(name.slice(0, LONGEST_NAME + 20)) : typeof name;
  throw new MessagingError("invalid-name", {
    what: `The name of ${of} is ${shown}, which is not valid on every broker.`,
    advice: `Use letters and digits joined by single dots, hyphens or underscores, at most ${LONGEST_NAME} characters.`,
  });
}
