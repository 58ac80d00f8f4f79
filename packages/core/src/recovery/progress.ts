import { HEADER, NO_HEADERS, type Headers } from "../message/headers.ts";

/** How far the retries of a message have come. Core writes it whenever it retries a message, so no other count is needed for them. */
export interface Progress {
  /** How many rounds have ended with a retry. */
  readonly rounds: number;
  /** Which delivery had the last outcome, by the broker's count: what crashes is counted from there. */
  readonly settled: number;
  /** How often the message was set aside because many deliveries had no outcome. */
  readonly suspicions: number;
}

const NO_PROGRESS: Progress = Object.freeze({ rounds: 0, settled: 0, suspicions: 0 });

const FORM = /^([0-9]{1,4})\/([0-9]{1,7})\/([0-9])$/;

/** Deliveries without an outcome that are put down to restarts and lost connections. */
const USUAL_DELIVERIES = 21;
/** The same for a message that was under suspicion before. */
const USUAL_UNDER_SUSPICION = 6;
/** A message is set aside so often before it is given up unhandled. */
const MOST_SUSPICIONS = 3;
const ASIDE_MS = 5_000;

/** Anybody may have written the header: what has another form counts as none. */
export function readProgress(headers: Headers): Progress {
  if (headers === NO_HEADERS) return NO_PROGRESS;
  const [, rounds, settled, suspicions] = FORM.exec(headers[HEADER.progress] ?? "") ?? [];
  if (rounds === undefined) return NO_PROGRESS;
  return { rounds: Number(rounds), settled: Number(settled), suspicions: Number(suspicions) };
}

/** What a retry says. */
export function progressHeaders({ rounds, settled, suspicions }: Progress): Headers {
  return {
    [HEADER.progress]: `${atMost(rounds, 9_999)}/${atMost(settled, 9_999_999)}/${atMost(suspicions, 9)}`,
  };
}

/** How many deliveries, this one included, have had no outcome. */
function unsettled({ settled }: Progress, deliveries: number): number {
  return deliveries > settled ? deliveries - settled : deliveries;
}

/**
 * Whether so many deliveries had no outcome that the message may end the process that handles it. A message that waits
 * behind another one for long is delivered as often, without its handler having started. It is therefore set aside first,
 * which clears its count; only when that has happened several times it is deadly.
 * @param deliveries by the broker's count, 1 for the first
 */
export function suspicionOf(progress: Progress, deliveries: number): "none" | "suspect" | "deadly" {
  const usual = progress.suspicions === 0 ? USUAL_DELIVERIES : USUAL_UNDER_SUSPICION;
  if (unsettled(progress, deliveries) <= usual) return "none";
  return progress.suspicions < MOST_SUSPICIONS ? "suspect" : "deadly";
}

/** How long a message is set aside: others are handled meanwhile. */
export function asideMs({ suspicions }: Progress): number {
  return ASIDE_MS * 2 ** suspicions;
}

function atMost(count: number, most: number): number {
  return count >= 0 ? Math.min(Math.trunc(count), most) : 0;
}
