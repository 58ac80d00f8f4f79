import { HEADER, NO_HEADERS, type Headers } from "../message/headers.ts";

/**
 * The progress of a message in its retries, which core writes into the headers of every retry. The outcome of a
 * delivery is its settlement; a delivery whose process crashes has none.
 */
export interface Progress {
  /** The number of rounds that ended with a retry. */
  readonly rounds: number;
  /** The broker's delivery count at the last outcome. Core counts the deliveries without an outcome from there. */
  readonly settled: number;
  /** How often the message was set aside because many of its deliveries had no outcome. */
  readonly suspicions: number;
}

const NO_PROGRESS: Progress = Object.freeze({ rounds: 0, settled: 0, suspicions: 0 });

const FORM = /^([0-9]{1,4})\/([0-9]{1,7})\/([0-9])$/;

/** The number of deliveries without an outcome that restarts and lost connections may cause. */
const USUAL_DELIVERIES = 21;
/** The same number for a message that was set aside before. */
const USUAL_UNDER_SUSPICION = 6;
/** How often a message is set aside before it is given up unhandled. */
const MOST_SUSPICIONS = 3;
const ASIDE_MS = 5_000;

/**
 * Returns the progress in the headers. A header of another form, which another system may have written, counts as
 * none.
 */
export function readProgress(headers: Headers): Progress {
  if (headers === NO_HEADERS) return NO_PROGRESS;
  const [, rounds, settled, suspicions] = FORM.exec(headers[HEADER.progress] ?? "") ?? [];
  if (rounds === undefined) return NO_PROGRESS;
  return { rounds: Number(rounds), settled: Number(settled), suspicions: Number(suspicions) };
}

/** Returns the header of a retry. */
export function progressHeaders({ rounds, settled, suspicions }: Progress): Headers {
  return {
    [HEADER.progress]: `${clamped(rounds, 9_999)}/${clamped(settled, 9_999_999)}/${clamped(suspicions, 9)}`,
  };
}

/** Returns the number of deliveries without an outcome, including the present one. */
function unsettled({ settled }: Progress, deliveries: number): number {
  return deliveries > settled ? deliveries - settled : deliveries;
}

/**
 * Returns whether a message is probably a poison message, whose handler crashes the process, by its number of
 * deliveries without an outcome. A harmless message that waits behind a poison message is delivered as often. A
 * suspect message is therefore set aside first, and its count begins again. A message that was set aside several times
 * is crash-looping.
 * @param deliveries the broker's delivery count, 1 for the first
 */
export function suspicionOf(progress: Progress, deliveries: number): "none" | "suspect" | "crash-looping" {
  const usual = progress.suspicions === 0 ? USUAL_DELIVERIES : USUAL_UNDER_SUSPICION;
  if (unsettled(progress, deliveries) <= usual) return "none";
  return progress.suspicions < MOST_SUSPICIONS ? "suspect" : "crash-looping";
}

/** Returns how long a message is set aside, in milliseconds; other messages are handled meanwhile. */
export function asideMs({ suspicions }: Progress): number {
  return ASIDE_MS * 2 ** suspicions;
}

function clamped(count: number, most: number): number {
  return count >= 0 ? Math.min(Math.trunc(count), most) : 0;
}
