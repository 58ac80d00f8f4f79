import { decode } from "../../codec/decode.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { HEADER, type Headers } from "../../message/headers.ts";
import { laneOf } from "../../message/lane.ts";
import { readAttempt, readLane } from "../../message/wire-headers.ts";
import type { Source } from "../../spi/destination.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { DeadLetter } from "./dead-letters.ts";

/**
 * Returns a dead letter with the failure that its headers describe. When the broker does not store the type, the type
 * is read from the body.
 */
export function parseDeadLetter(message: WireMessage): DeadLetter {
  const { id, type = typeInside(message), key, contentType, body, headers } = message;
  const failure = {
    code: headers[HEADER.failureCode] ?? "unknown",
    message: headers[HEADER.failureMessage] ?? "",
    time: headers[HEADER.failureTime] ?? "",
    service: headers[HEADER.failureService] ?? "",
    tries: readAttempt(headers[HEADER.failureTries]) ?? 0,
    source: headers[HEADER.failureSource] ?? "",
  };
  return { id, type, key, contentType, body, headers, failure };
}

/** Returns the type in the envelope of a message; undefined for an unreadable message and for a plain one. */
function typeInside(message: WireMessage): string | undefined {
  try {
    return decode(message, () => undefined).type;
  } catch {
    return undefined;
  }
}

/** The service whose dead letters are replayed. */
export interface ReplayTarget {
  readonly service: string;
  /** The sources of the service; undefined when it does not run in this process. */
  readonly sources: readonly Source[] | undefined;
  readonly newId: () => string;
}

/**
 * Returns the message as it was before it failed, addressed to the source that the service received it from.
 * @throws MessagingError `unroutable` when its headers name no source of this service: any process may have written them
 */
export function replayOf(message: WireMessage, { service, sources, newId }: ReplayTarget): WireMessage {
  const { headers, key } = message;
  const [, kind, name = ""] = /^(queue|topic):(.+)$/.exec(headers[HEADER.failureSource] ?? "") ?? [];
  const source = sources?.find(
    (one) => one.kind === kind && one.kind !== "dead-letters" && one.name === name,
  );
  const isForeign = sources !== undefined && source === undefined;
  if (name === "" || headers[HEADER.failureService] !== service || isForeign)
    throw foreignSource(message, service);
  const text = headers[HEADER.failureLane];
  return {
    ...message,
    id: newId(),
    destination:
      kind === "queue" ? { kind, name, isReplay: true } : { kind: "group", topic: name, group: service },
    lane: source === undefined ? readLane(text, MOST_LANES) : laneIn(source, text, key),
    headers: withoutFailure(headers),
    deliverAt: undefined,
  };
}

/** The largest number of lanes of a contract. */
const MOST_LANES = 256;

/** Returns the lane that the message failed in. Where the source has no such lane, the key determines the lane. */
function laneIn(source: Source, text: string | undefined, key: string | undefined): number | undefined {
  if (source.kind === "dead-letters" || source.lanes === undefined) return undefined;
  return readLane(text, source.lanes) ?? (key === undefined ? undefined : laneOf(key, source.lanes));
}

function foreignSource({ id, headers }: WireMessage, service: string): MessagingError {
  const source = headers[HEADER.failureSource] ?? "";
  return new MessagingError("unroutable", {
    what: `Dead letter ${id} cannot be replayed: its headers name the source ${JSON.stringify(source.slice(0, 100))}, which service ${service} does not have.`,
    advice:
      "It stays among the dead letters. Look at its headers: discard it, or replay it with the service that they name.",
    messageId: id,
  });
}

/**
 * The headers that dead-lettering adds and a replay removes. The header that replaces the message's own headers stays:
 * it belongs to the message.
 */
const ADDED: ReadonlySet<string> = new Set(Object.values(HEADER).filter((name) => name !== HEADER.setAside));

function withoutFailure(headers: Headers): Headers {
  const others = Object.entries(headers).filter(([name]) => !ADDED.has(name));
  return Object.fromEntries(others);
}
