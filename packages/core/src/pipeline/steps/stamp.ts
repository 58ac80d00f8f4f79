import { MessagingError, describeThrown } from "../../environment/messaging-error.ts";
import type { Envelope } from "../../message/envelope.ts";
import { derivedId } from "../../runtime/derived-id.ts";
import type { Step } from "../compose.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Cause, OutgoingMessage } from "../outgoing/outgoing-message.ts";

/** Where ids, times and the sender's name come from. */
export interface Stamp {
  readonly newId: () => string;
  /** Now, RFC 3339. */
  readonly time: () => string;
  /** The source of messages that no handler sends. */
  readonly source: string;
}

const NO_EXTENSIONS: Envelope["extensions"] = Object.freeze({});

/** Makes the envelope: identity, time, conversation, cause and key. */
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

/** The same message handled again sends the same ids again, so that whoever de-duplicates sees each effect once. */
function idAfter({ message, service, position }: Cause): string {
  return derivedId(`${message.source}/${message.id}/${service}/${position}`);
}

/** A foreign message without a conversation begins one. */
function conversationOf(cause: Cause | undefined): string | undefined {
  return cause?.message.correlationId ?? cause?.message.id;
}

function keyOf({ route, output }: OutgoingMessage): string | undefined {
  if (route.keyOf === undefined) return undefined;
  let key: unknown;
  try {
    key = route.keyOf(output);
  } catch (cause) {
    throw badKey(route.type, `threw ${describeThrown(cause)}`, cause);
  }
  if (typeof key === "string") return key;
  throw badKey(route.type, `gave ${key === null ? "null" : typeof key}`);
}

function badKey(type: string, did: string, cause?: unknown): MessagingError {
  return new MessagingError("invalid-data", {
    what: `The key function of ${type} ${did}.`,
    advice: "It must give a string for all valid data; nothing was sent.",
    cause,
  });
}
