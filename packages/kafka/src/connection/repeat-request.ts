import type { Clock } from "@waybill/core/transport";
import { KafkaRefusal } from "./protocol/codes.ts";

/** How long a request is repeated. The application may start its bus again after that. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = { first: 20, longest: 500 } as const;

export interface RepeatOptions {
  readonly clock: Clock;
  /** Called before every repetition, to refresh what is known of the cluster. */
  readonly before: () => Promise<unknown> | void;
}

/**
 * Sends a request, and repeats it while the broker refuses it with a retriable code: a leader moves, a topic was created a
 * moment ago, or a new cluster has no group coordinator yet. The pauses double. @throws the error of the last attempt
 */
export async function repeatRequest<Answer>(
  { clock, before }: RepeatOptions,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const giveUpAt = clock.now() + PATIENCE_MS;
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.longest, 2 * pauseMs)) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof KafkaRefusal) || !error.isRetriable || clock.now() >= giveUpAt) throw error;
      await new Promise<void>((resume) => void clock.schedule(pauseMs, resume));
      await before();
    }
  }
}
