import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";

/** The progress of a consumer as its server reports it. */
export interface ConsumerProgress {
  /** The number of deliveries so far: the consumer sequence of the last one (NATS ADR-15). */
  readonly delivered: number;
  /** Whether no message is in flight. */
  readonly isIdle: boolean;
}

/** A missing consumer has delivered nothing, and counts from 1 again after it is provisioned. */
const NONE: ConsumerProgress = { delivered: 0, isIdle: true };

/** Returns the progress of a consumer. A consumer that does not exist has the progress of a new one. */
export async function progressOf(
  { jsm }: ServerLink,
  { stream, consumer }: { readonly stream: string; readonly consumer: string },
): Promise<ConsumerProgress> {
  try {
    const info = await jsm.consumers.info(stream, consumer);
    return { delivered: info.delivered.consumer_seq, isIdle: info.num_ack_pending === 0 };
  } catch (error) {
    if (isNotFound(error)) return NONE;
    throw error;
  }
}
