import { decode } from "../../codec/decode.ts";
import { MessagingError } from "../../environment/messaging-error.ts";
import { HEADER, type Headers } from "../../message/headers.ts";
import { laneOf } from "../../message/lane.ts";
import { readAttempt, readLane } from "../../message/wire-headers.ts";
import type { Source } from "../../spi/destination.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { DeadLetter } from "./dead-letters.ts";

/** Reads what the failure headers tell. Some brokers are told no type: then the message itself says it. */
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

/** Absent where the message cannot be read, or is plain. */
function typeInside(message: WireMessage): string | undefined {
  try {
    return decode(message, () => undefined).type;
  } catch {
    return undefined;
  }
}

/** Where a replay may go. */
export interface ReplayInto {
  /** The service that it was asked for. */
  readonly service: string;
  /** What this service reads, where its handlers are known in this process. */
  readonly sources: readonly Source[] | undefined;
  readonly newId: () => string;
}

/**
 * The message as it was before it failed, on its way to the source of the service that failed.
 * @throws MessagingError `unroutable` when its headers name no source of this service: somebody else may have written them
 */
export function replayOf(message: WireMessage, { service, sources, newId }: ReplayInto): WireMessage {
  const { headers, key } = message;
  const [, kind, name = ""] = /^(queue|topic):(.+)$/.exec(headers[HEADER.failureSource] ?? "") ?? [];
  const source = sources?.find(
    (one) => one.kind === kind && one.kind !== "dead-letters" && one.name === name,
  );
  const isForeign = sources !== undefined && source === undefined;
  if (name === "" || headers[HEADER.failureService] !== service || isForeign) throw nowhere(message, service);
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

/** No contract has more. */
const MOST_LANES = 256;

/** The lane it failed in; dead letters lie in none. A lane that the source does not have is that of the key. */
function laneIn(source: Source, text: string | undefined, key: string | undefined): number | undefined {
  if (source.kind === "dead-letters" || source.lanes === undefined) return undefined;
  return readLane(text, source.lanes) ?? (key === undefined ? undefined : laneOf(key, source.lanes));
}

function nowhere({ id, headers }: WireMessage, service: string): MessagingError {
  const source = headers[HEADER.failureSource] ?? "nothing";
  return new MessagingError("unroutable", {
    what: `Dead letter ${id} says that it was read from ${JSON.stringify(source.slice(0, 100))}, which is no source of ${service}.`,
    advice:
      "It is left where it is. Look at its headers: discard it, or replay it by the service that it names.",
    messageId: id,
  });
}

/** What a replay takes away again. The headers that were set aside belong to the message. */
const ADDED: ReadonlySet<string> = new Set(Object.values(HEADER).filter((name) => name !== HEADER.setAside));

function withoutFailure(headers: Headers): Headers {
  const others = Object.entries(headers).filter(([name]) => !ADDED.has(name));
  return Object.fromEntries(others);
}
