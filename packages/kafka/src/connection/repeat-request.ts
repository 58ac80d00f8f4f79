import type { Clock } from "@waybill/core/transport";
import { KafkaRefusal } from "./protocol/codes.ts";

/** How long one question is asked again; whoever starts a bus may begin anew after that. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = { first: 20, longest: 500 } as const;

export interface Patience {
  readonly clock: Clock;
  /** Called before every further try: what is known of the cluster may be out of date. */
  readonly before: () => Promise<unknown> | void;
}

/**
 * Asks until the broker no longer answers with a retriable refusal: a leader moves, a topic was created a moment ago, or a
 * new cluster has no coordinator for groups yet. Pauses grow from try to try. @throws what the last try threw
 */
export async function patiently<Answer>(
  { clock, before }: Patience,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const giveUpAt = clock.now() + PATIENCE_MS;
  for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(PAUSE_MS.longest, 2 * pauseMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof KafkaRefusal) || !error.isRetriable || clock.now() >= giveUpAt) throw error;
      await new Promise<void>((resume) => void clock.schedule(pauseMs, resume));
      await before();
    }
  }
}
