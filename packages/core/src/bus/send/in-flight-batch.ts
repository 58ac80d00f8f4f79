import { describeThrown, type MessagingError } from "../../environment/messaging-error.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { InFlightCall } from "./in-flight.ts";
import type { DestinationQueue, Outcome } from "./destination-queue.ts";

/** The messages of one destination that one call of the transport publishes. */
export interface InFlightBatch extends InFlightCall {
  readonly messages: readonly WireMessage[];
  readonly queue: DestinationQueue;
  /** The position of the first message among all messages of the sender. */
  readonly order: number;
  readonly onOutcomes: (outcomes: Outcomes) => void;
  before: InFlightBatch | undefined;
  after: InFlightBatch | undefined;
}

/** The outcomes of the messages of one batch, in order. */
export type Outcomes = readonly Outcome[];

/** The usual outcome, shared by all messages. */
export const ONE_STORED: Outcomes = [undefined];
/** The facts of a message for which the transport has returned no result. */
export const UNANSWERED = { maybeStored: true, isInFlight: true } as const;

/** Returns whether a reply failed because its requester is gone. */
export function isLostReply({ destination }: WireMessage, { code }: PublishFailure): boolean {
  return destination.kind === "reply" && code === "unroutable";
}

/** Returns the result of a message whose transport rejected instead of answering. */
export function unknownResult(cause: unknown): PublishResult {
  const message = `The transport failed: ${describeThrown(cause)}.`;
  return { ok: false, error: { code: "rejected", message, maybeStored: true, cause } };
}

/** Resolves with `stored` when the message is stored; otherwise rejects with its error. */
export async function settled<Answer>(outcome: Outcome, stored: Answer): Promise<Answer> {
  const error = await outcome;
  if (error !== undefined) throw error;
  return stored;
}

/** Waits for all outcomes, then throws the first error. */
export async function allStored(all: readonly MaybePromise<Outcomes>[]): Promise<void> {
  let first: MessagingError | undefined;
  for (const outcomes of all)
    for (const outcome of await outcomes) {
      const error = await outcome;
      first ??= error;
    }
  if (first !== undefined) throw first;
}
