import { MessagingError } from "../environment/messaging-error.ts";
import type { Envelope, ExtensionValue } from "../message/envelope.ts";
import { ATTRIBUTE } from "../message/headers.ts";

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export const SPEC_VERSION = "1.0";

/** The attributes that have their own property in an envelope. */
const OWN_PROPERTIES: ReadonlySet<string> = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "time",
  ...Object.values(ATTRIBUTE),
]);

/** Names must be lower-case letters and digits (CloudEvents 1.0 §3.1). */
const NAME = /^[a-z0-9]+$/;

/** The most extensions of a message. Each costs its reader more than its bytes, and no sender needs more. */
const MOST_EXTENSIONS = 1_000;

const NO_EXTENSIONS: Readonly<Record<string, ExtensionValue>> = Object.freeze({});

/**
 * Returns the envelope of received attributes.
 * @param ignored attributes that belong to the format
 * @throws MessagingError `undecodable`
 */
export function envelopeOf(
  attributes: Readonly<Record<string, unknown>>,
  data: unknown,
  ignored: ReadonlySet<string>,
): Envelope {
  const version = attributes["specversion"];
  if (version !== SPEC_VERSION)
    throw undecodable(`its specversion is ${JSON.stringify(version) ?? "absent"}, not "1.0"`);
  return {
    id: required(attributes, "id"),
    source: required(attributes, "source"),
    type: required(attributes, "type"),
    time: optional(attributes, "time"),
    correlationId: optional(attributes, ATTRIBUTE.correlationId),
    causationId: optional(attributes, ATTRIBUTE.causationId),
    partitionKey: optional(attributes, ATTRIBUTE.partitionKey),
    replyTo: optional(attributes, ATTRIBUTE.replyTo),
    extensions: extensionsOf(attributes, ignored),
    data,
  };
}

function required(attributes: Readonly<Record<string, unknown>>, name: string): string {
  const value = attributes[name];
  if (typeof value === "string" && value !== "") return value;
  throw undecodable(`its attribute ${name} is ${value === undefined ? "absent" : "not a non-empty string"}`);
}

function optional(attributes: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = attributes[name];
  if (value === undefined || value === null) return undefined; // null: absent (JSON format §2.2)
  if (typeof value === "string") return value;
  throw undecodable(`its attribute ${name} is not a string`);
}

function extensionsOf(
  attributes: Readonly<Record<string, unknown>>,
  ignored: ReadonlySet<string>,
): Readonly<Record<string, ExtensionValue>> {
  let extensions: Record<string, ExtensionValue> | undefined;
  let count = 0;
  for (const name in attributes) {
    if (OWN_PROPERTIES.has(name) || ignored.has(name)) continue;
    count += 1;
    if (count > MOST_EXTENSIONS) throw undecodable(`it has more than ${MOST_EXTENSIONS} further attributes`);
    const value = attributes[name];
    if (value === null) continue;
    if (!NAME.test(name))
      throw undecodable(`it has an attribute called ${JSON.stringify(name.slice(0, 50))}`);
    if (!isExtensionValue(value))
      throw undecodable(`its attribute ${name} is neither a string, a boolean nor an integer`);
    (extensions ??= {})[name] = value;
  }
  return extensions ?? NO_EXTENSIONS;
}

function isExtensionValue(value: unknown): value is ExtensionValue {
  return typeof value === "string" || typeof value === "boolean" || Number.isInteger(value);
}

/**
 * Refuses extensions that no reader would accept.
 * @throws MessagingError `not-serializable`
 */
export function checkExtensions({ extensions, type }: Envelope): void {
  let count = 0;
  for (const name in extensions) {
    count += 1;
    if (count > MOST_EXTENSIONS)
      throw new MessagingError("not-serializable", {
        what: `A message of type ${type} has more than ${MOST_EXTENSIONS} extensions.`,
        advice: "Move their content into the data; nothing was sent.",
      });
    if (
      NAME.test(name) &&
      !OWN_PROPERTIES.has(name) &&
      !name.startsWith("data") &&
      isExtensionValue(extensions[name])
    )
      continue;
    if (name === "dataschema" && typeof extensions[name] === "string") continue;
    throw new MessagingError("not-serializable", {
      what: `A message of type ${type} has the extension ${JSON.stringify(name)}, which CloudEvents does not allow.`,
      advice:
        "Use lower-case letters and digits and no name of an existing attribute; give strings, booleans or integers.",
    });
  }
}

export function undecodable(reason: string, cause?: unknown): MessagingError {
  return new MessagingError("undecodable", {
    what: `A message cannot be read: ${reason}.`,
    advice: "It is kept as a dead letter, byte for byte; correct its sender.",
    cause,
  });
}
