import {
  bitsLength,
  rangesToBits,
  offsetCount,
  packRanges,
  unpackRanges,
  bitsToRanges,
  type OffsetRange,
} from "./offset-ranges.ts";

/**
 * What a group has done of a partition, as it is committed: the offset below which all is settled, and in the commit's
 * metadata what an offset alone cannot say: what is settled above it, so that messages may be settled in any order, and how
 * often those that are not were in the hands of a member that vanished.
 *
 * `w1;<window>;<limit>:<times>,…;<done>`: `window` is how many messages the present owner may hold, 0 for who let go in
 * order; each `limit` is relative to the committed offset, and messages below it were lost `times` times. `done` is a bit for
 * each offset, in Base64; `w2` has runs there instead, see {@link packRanges}: whatever is shorter.
 */
export interface CommitState {
  /** All below it is settled. */
  readonly offset: number;
  /** Settled above it, or nothing to settle; ascending, with a gap before each. */
  readonly settled: readonly OffsetRange[];
  /** How often messages below an offset were lost with their member; ascending by offset. */
  readonly losses: readonly Loss[];
  /** How many messages the owner may hold at the time of the commit. */
  readonly window: number;
}

export interface Loss {
  readonly below: number;
  readonly times: number;
}

/** How far above the first unsettled message others may be settled, whatever lies between: as many as there are bits for. */
export const SPAN = 16_000;
/** So many gaps fit a commit, however far above the first. */
export const MOST_GAPS = 400;
/** Steps beyond it are merged. */
const MOST_LOSSES = 20;
/** Of what is done, before Base64: the metadata of a commit has 4,096 (`offset.metadata.max.bytes`). */
const MOST_BYTES = 2_600;

/** What is more than fits is left out from its end: it is done once more after a crash. */
export function writeMetadata({ offset, settled, losses, window }: CommitState): string {
  const steps = losses
    .filter(({ below }) => below > offset)
    .map(({ below, times }) => `${below - offset}:${times}`);
  const length = bitsLength(offset, settled);
  const ranges = packRanges(offset, settled, Math.min(length, MOST_BYTES));
  const [mark, bytes] = ranges === undefined ? ["w1", rangesToBits(offset, settled)] : ["w2", ranges];
  return `${mark};${window};${steps.join(",")};${bytes.toString("base64")}`;
}

/** Reads a commit, also one that another client made. */
export function readCommit(offset: number, metadata: string | null): CommitState {
  const [, mark, window = "0", steps = "", text = ""] =
    /^(w[12]);(\d+);([\d:,]*);([\w+/=]*)$/.exec(metadata ?? "") ?? [];
  const losses = steps === "" ? [] : steps.split(",").map((step) => lossOf(step, offset));
  const bytes = Buffer.from(text, "base64");
  const settled = mark === "w2" ? unpackRanges(offset, bytes) : bitsToRanges(offset, bytes);
  return { offset, settled, losses, window: Number(window) };
}

/** What the next owner starts with: what the last one had and did not let go was lost once more. */
export function takenOver({ offset, settled, losses, window }: CommitState): CommitState {
  if (window === 0) return { offset, settled, losses, window: 0 };
  const reached = offset + offsetCount(settled) + window;
  const more = losses.map(({ below, times }) => ({ below, times: times + 1 }));
  const last = more.at(-1)?.below ?? 0;
  const all = reached > last ? [...more, { below: reached, times: 1 }] : more;
  return { offset, settled, losses: all.slice(-MOST_LOSSES), window: 0 };
}

/** How often a message was lost with its member. */
export function timesLost(losses: readonly Loss[], offset: number): number {
  for (const { below, times } of losses) if (offset < below) return times;
  return 0;
}

function lossOf(step: string, offset: number): Loss {
  const [below = 0, times = 0] = step.split(":").map(Number);
  return { below: offset + below, times };
}
