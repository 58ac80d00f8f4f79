import { describeThrown, type MessagingError } from "../../environment/messaging-error.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import type { PublishFailure, PublishResult } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import type { Flight } from "./in-flight.ts";
import type { DestinationQueue } from "./destination-queue.ts";

/** Messages of one destination on their way. */
export interface Sending extends Flight {
  readonly messages: readonly WireMessage[];
  readonly queue: DestinationQueue;
  /** Of the first of them. */
  readonly order: number;
  readonly tell: (fates: Fates) => void;
  before: Sending | undefined;
  after: Sending | undefined;
}

/** Nothing for a stored message, else why it is not. */
export type Fate = MaybePromise<MessagingError | undefined>;
export type Fates = readonly Fate[];

/** The usual outcome, shared. */
export const ONE_STORED: Fates = [undefined];
/** What is known of a message whose sending was never answered. */
export const UNANSWERED = { maybeStored: true, isOut: true } as const;

export function isLostReply({ destination }: WireMessage, { code }: PublishFailure): boolean {
  return destination.kind === "reply" && code === "unroutable";
}

export function unknownFate(cause: unknown): PublishResult {
  const message = `The transport failed: ${describeThrown(cause)}.`;
  return { ok: false, error: { code: "rejected", message, maybeStored: true, cause } };
}

export async function settled<Answer>(fate: Fate, stored: Answer): Promise<Answer> {
  const error = await fate;
  if (error !== undefined) throw error;
  return stored;
}

/** Waits for the fate of each; throws the first failure. */
export async function allStored(all: readonly MaybePromise<Fates>[]): Promise<void> {
  let first: MessagingError | undefined;
  for (const fates of all)
    for (const fate of await fates) {
      const error = await fate;
      first ??= error;
    }
  if (first !== undefined) throw first;
}
