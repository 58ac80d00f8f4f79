import type { ServerLink } from "../connection/connection.ts";
import { isNotFound } from "../errors.ts";

/** What a consumer has done so far, as its server tells. */
export interface ConsumerProgress {
  /** How many deliveries it has made: the number of the last one (NATS ADR-15, consumer sequence). */
  readonly delivered: number;
  /** Whether none of them is out. */
  readonly isIdle: boolean;
}

/** One that is not there has done nothing, and begins anew when somebody provisions it. */
const NONE: ConsumerProgress = { delivered: 0, isIdle: true };

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
