import { NO_HEADERS, type Clock, type Settlement, type WireMessage } from "@waybill/core/transport";
import { type ForwardedForm, type Forwarding, ownHeaders } from "@waybill/core/transport-kit";
import { LONGEST_DELAY_MS } from "../capabilities.ts";
import type { NatsDelivery } from "./delivery.ts";
import { deadLettersStream, deadLettersSubject } from "../topology/names.ts";
import type { SourceConsumer } from "../topology/sources.ts";
import type { Publisher } from "../publish/publisher.ts";
import type { WireMetadata } from "../wire/message.ts";

/** The parts that a subscription needs to forward messages. */
export interface ForwardServices {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** The service that keeps the dead letters. */
  readonly group: string;
}

type ForwardSettlement = Exclude<Settlement, { readonly type: "ack" | "release" }>;

export interface ForwardOptions extends ForwardServices {
  readonly forwarding: Forwarding;
  readonly consumer: SourceConsumer;
  /** Called when the message cannot be stored for now, and leaves the window. */
  readonly onRest: () => void;
}

/** Longer ids and keys are set aside with the foreign headers, because they may leave no space for other headers. */
const LONGEST_KEPT = 1_000;
/** The server takes 64 KiB of headers. The failure must fit beside the headers that are set aside. */
const LONGEST_ASIDE = 56_000;

/**
 * Republishes a message with other headers: a retry to its own subject, or a dead letter to the service's stream. The
 * delivery may be acknowledged once the message is stored. If this process dies before that, another one forwards the
 * message again, and the server recognises the duplicate by the position of the original in its stream.
 */
export function forward(
  delivery: NatsDelivery,
  settlement: ForwardSettlement,
  { publisher, clock, group, consumer, forwarding, onRest }: ForwardOptions,
): ReturnType<Forwarding["forward"]> {
  const { message, attempt } = delivery;
  // A stream that was deleted and created again counts from 1 again, so the sequence alone is no identity.
  const position = `${consumer.stream}:${consumer.name}:${delivery.position}`;
  const isRetry = settlement.type === "retry";
  const subject = isRetry ? consumer.subject : deadLettersSubject(group);
  const delayMs = isRetry ? Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  const metadata = {
    dedupId: isRetry ? `retry:${position}:${attempt}` : `dead-letter:${position}`,
    due: delayMs > 0 ? clock.now() + delayMs : undefined,
    attempts: isRetry ? attempt : 0,
  };
  const original = isRetry
    ? message
    : { ...message, headers: ownHeaders.moveFailureHeadersAside(message.headers) };
  return forwarding.forward({
    delivery,
    destination: `stream ${isRetry ? consumer.stream : deadLettersStream(group)}`,
    headers: settlement.headers,
    foreign: () => foreignHeadersOf(original),
    store: (form) => publisher.forward(subject, ...written(original, metadata, form)),
    onRest,
  });
}

function written(
  message: WireMessage,
  metadata: WireMetadata,
  { headers, isBare }: ForwardedForm,
): [WireMessage, WireMetadata] {
  if (!isBare) return [message, { ...metadata, headers }];
  const bare = { ...message, id: ifShort(message.id) ?? "", key: ifShort(message.key), headers: NO_HEADERS };
  const fitting = Object.entries(headers).map(([name, value]) => [name, value.slice(0, LONGEST_ASIDE)]);
  return [bare, { ...metadata, headers: Object.fromEntries(fitting) as Record<string, string> }];
}

/** Returns the headers of a message, and also its id and its key if they are too long to be kept. */
function foreignHeadersOf({ id, key, headers }: WireMessage): Readonly<Record<string, unknown>> {
  return {
    ...headers,
    ...(ifShort(id) === undefined && { "waybill-id": id }),
    ...(key !== undefined && ifShort(key) === undefined && { "waybill-key": key }),
  };
}

function ifShort(text: string | undefined): string | undefined {
  return text === undefined || text.length > LONGEST_KEPT ? undefined : text;
}
