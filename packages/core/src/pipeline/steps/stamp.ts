import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { derivedId } from "../../runtime/derived-id.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Cause, OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** The sources of ids, of times and of the sender's name. */
export interface Stamp {
  readonly newId: () => string;
  /** Returns the present time, RFC 3339. */
  readonly time: () => string;
  /** The source of messages that no handler sends. */
  readonly source: string;
}

const NO_EXTENSIONS: Envelope["extensions"] = Object.freeze({});

/** Creates the envelope: id, source, time, conversation, cause and key. */
export function stampWith({ newId, time, source }: Stamp): Step<OutgoingMessage, MaybePromise<Envelope>> {
  return {
    name: "stamp",
    run(message, next) {
      const { cause, options, route } = message;
      const id = cause?.position === undefined ? newId() : idAfter(cause);
      message.envelope = {
        id,
        source: cause?.service ?? source,
        type: route.type,
        time: time(),
        correlationId: options.correlationId ?? conversationOf(cause) ?? id,
        causationId: cause?.message.id,
        partitionKey: keyOf(message),
        replyTo: message.replyTo,
        extensions: options.extensions ?? NO_EXTENSIONS,
        data: message.data,
      };
      return next(message);
    },
  };
}

/** Returns the same id each time the message is handled: a receiver that de-duplicates sees each effect once. */
function idAfter({ message, service, position }: Cause): string {
  return derivedId(`${message.source}/${message.id}/${service}/${position}`);
}

/** A foreign message without a correlation id starts a conversation. */
function conversationOf(cause: Cause | undefined): string | undefined {
  return cause?.message.correlationId ?? cause?.message.id;
}

function keyOf({ route, output }: OutgoingMessage): string | undefined {
  if (route.keyOf === undefined) return undefined;
  let key: unknown;
  try {
    key = route.keyOf(output);
  } catch (cause) {
    throw invalidKey(route.type, `threw ${describeThrown(cause)}`, cause);
  }
  if (typeof key === "string") return key;
  throw invalidKey(route.type, `returned ${key === null ? "null" : typeof key}`);
}

function invalidKey(type: string, did: string, cause?: unknown): MessagingError {
  return new MessagingError("invalid-data", {
    what: `The key function of ${type} ${did}.`,
    advice: "It must return a string for all valid data; nothing was sent.",
    cause,
  });
}
