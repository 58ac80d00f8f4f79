import { NO_HEADERS, type Clock, type Settlement, type WireMessage } from "@waybill/core/transport";
import { type ForwardedForm, type Forwarding, ownHeaders } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import type { NatsDelivery } from "./delivery.ts";
import { deadLettersStream, deadLettersSubject } from "../topology/names.ts";
import type { Publisher } from "../publish/publisher.ts";
import type { WireMetadata } from "../wire/message.ts";

/** What moves messages on: the publisher, and the names of where they come from and go to. */
export interface Mover {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** The service whose dead letters they become. */
  readonly group: string;
}

/** Where a message was read from: the subject on which its consumer alone gets it again. */
export interface Origin {
  readonly stream: string;
  readonly consumer: string;
  readonly subject: string;
}

type Moving = Exclude<Settlement, { readonly type: "ack" | "release" }>;

export interface MoveOptions extends Mover {
  readonly forwarding: Forwarding;
  readonly origin: Origin;
  /** The message rests: it takes no place in the window from now on. */
  readonly onRest: () => void;
}

/** Longer ids and keys may leave no room for others; they are set aside with foreign headers. */
const LONGEST_KEPT = 1_000;
/** The server takes 64 KiB of headers; the failure must fit beside those that are set aside. */
const LONGEST_ASIDE = 56_000;

/**
 * Stores a delivery's next appearance: later on its own subject with other headers, or among the dead letters. Once it is
 * stored the delivery may be acknowledged. Tried again by another process after a crash, the server knows it by its
 * place in the stream.
 */
export function moveOn(
  delivery: NatsDelivery,
  settlement: Moving,
  { publisher, clock, group, origin, forwarding, onRest }: MoveOptions,
): ReturnType<Forwarding["forward"]> {
  const { message, attempt } = delivery;
  // A stream that was deleted and made again counts from 1 again, so its sequence alone is no place.
  const place = `${origin.stream}:${origin.consumer}:${delivery.place}`;
  const isRetry = settlement.type === "retry";
  const subject = isRetry ? origin.subject : deadLettersSubject(group);
  const delayMs = isRetry ? Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  const postmark = {
    dedupId: isRetry ? `retry:${place}:${attempt}` : `dead-letter:${place}`,
    due: delayMs > 0 ? clock.now() + delayMs : undefined,
    attempts: isRetry ? attempt : 0,
  };
  const kept = isRetry
    ? message
    : { ...message, headers: ownHeaders.moveFailureHeadersAside(message.headers) };
  return forwarding.forward({
    delivery,
    destination: `stream ${isRetry ? origin.stream : deadLettersStream(group)}`,
    headers: settlement.headers,
    foreign: () => foreignIn(kept),
    store: (form) => publisher.forward(subject, ...written(kept, postmark, form)),
    onRest,
  });
}

function written(
  message: WireMessage,
  postmark: WireMetadata,
  { headers, isBare }: ForwardedForm,
): [WireMessage, WireMetadata] {
  if (!isBare) return [message, { ...postmark, headers }];
  const bare = { ...message, id: shortOf(message.id) ?? "", key: shortOf(message.key), headers: NO_HEADERS };
  const fitting = Object.entries(headers).map(([name, value]) => [name, value.slice(0, LONGEST_ASIDE)]);
  return [bare, { ...postmark, headers: Object.fromEntries(fitting) as Record<string, string> }];
}

/** What cannot be written as it is: the headers, and an id or a key of great length. */
function foreignIn({ id, key, headers }: WireMessage): Readonly<Record<string, unknown>> {
  return {
    ...headers,
    ...(shortOf(id) === undefined && { "waybill-id": id }),
    ...(key !== undefined && shortOf(key) === undefined && { "waybill-key": key }),
  };
}

function shortOf(text: string | undefined): string | undefined {
  return text === undefined || text.length > LONGEST_KEPT ? undefined : text;
}
