import type { Clock, Settlement } from "@waybill/core/transport";
import { shortenedFailure, sleep } from "@waybill/core/transport";
import { LONGEST_DELAY_MS } from "./capabilities.ts";
import type { NatsDelivery } from "./delivery.ts";
import { deadLettersSubject } from "./names.ts";
import type { Publisher } from "./publisher.ts";

/** How long a message waits that cannot be moved on at the moment. */
const PAUSE_MS = 250;

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

/** `stuck`: no message that says why can be as large as this one is by itself. */
export type Moved = "stored" | "taken back" | "stuck";

/**
 * Stores a delivery's next appearance: later on its own subject with other headers, or among the dead letters. Once it is
 * stored the delivery may be acknowledged. Until then, or until it is taken back, it is tried again and again: a message
 * that can be neither moved nor handled stays where it is. Tried again by somebody else after a crash, the server knows it
 * by its place in the stream.
 */
export async function moveOn(
  delivery: NatsDelivery,
  settlement: Moving,
  { publisher, clock, group, origin }: Mover & { readonly origin: Origin },
): Promise<Moved> {
  const { message, sequence, attempt } = delivery;
  const place = `${origin.stream}:${origin.consumer}:${sequence}`;
  const isRetry = settlement.type === "retry";
  const subject = isRetry ? origin.subject : deadLettersSubject(group);
  const delayMs = isRetry ? Math.min(settlement.delayMs, LONGEST_DELAY_MS) : 0;
  const postmark = {
    dedupId: isRetry ? `retry:${place}:${attempt}` : `dead-letter:${place}`,
    due: delayMs > 0 ? clock.now() + delayMs : undefined,
    attempts: isRetry ? attempt : 0,
  };
  let headers = settlement.headers ?? {};
  while (delivery.isLive) {
    const result = await publisher.forward(subject, message, { ...postmark, headers });
    if (result.ok) return delivery.isLive ? "stored" : "taken back";
    if (result.error.code !== "too-large") await sleep(clock, PAUSE_MS);
    else if (Object.keys(headers).length === 0) return "stuck";
    else headers = shortenedFailure(headers);
  }
  return "taken back";
}
