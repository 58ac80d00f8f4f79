import { HEADER, type Headers } from "../message/headers.ts";
import type { Destination } from "../spi/destination.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import type { DeadLetter } from "./dead-letters.ts";

/** Reads what the failure headers tell. */
export function openLetter({ id, type, key, contentType, body, headers }: WireMessage): DeadLetter {
  const failure = {
    code: headers[HEADER.failureCode] ?? "unknown",
    message: headers[HEADER.failureMessage] ?? "",
    time: headers[HEADER.failureTime] ?? "",
    service: headers[HEADER.failureService] ?? "",
    tries: Number(headers[HEADER.failureTries] ?? 0),
    source: headers[HEADER.failureSource] ?? "",
  };
  return { id, type, key, contentType, body, headers, failure };
}

/** The message as it was before it failed, on its way to the service that failed; nothing when the headers do not say which. */
export function replayOf(message: WireMessage, id: string): WireMessage | undefined {
  const destination = destinationOf(message.headers);
  return (
    destination && {
      ...message,
      id,
      destination,
      lane: laneOf(message.headers),
      headers: withoutFailure(message.headers),
      deliverAt: undefined,
    }
  );
}

function destinationOf(headers: Headers): Destination | undefined {
  const [, kind, name] = /^(queue|topic):(.+)$/.exec(headers[HEADER.failureSource] ?? "") ?? [];
  const group = headers[HEADER.failureService];
  if (name === undefined || group === undefined) return undefined;
  return kind === "queue" ? { kind, name, isReplay: true } : { kind: "group", topic: name, group };
}

/** The lane it failed in: dead letters lie in none. */
function laneOf(headers: Headers): number | undefined {
  const lane = headers[HEADER.failureLane];
  return lane === undefined ? undefined : Number(lane);
}

/** What a replay takes away again. The headers that were set aside belong to the message. */
const ADDED: ReadonlySet<string> = new Set(Object.values(HEADER).filter((name) => name !== HEADER.setAside));

function withoutFailure(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ADDED.has(name)));
}
