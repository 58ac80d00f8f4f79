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
 * The state of a group in one partition, as a commit stores it: the offset, and in the metadata what an offset cannot express.
 * These are the settled offsets above it, so that messages may be settled in any order, and how often each unsettled message
 * was in flight when its owner vanished.
 *
 * The metadata is `w1;<window>;<limit>:<times>,…;<settled>`. `window` is how many messages the owner may have in flight, 0
 * after it has given the partition up. Each `limit` is relative to the committed offset: messages below it were lost `times`
 * times. `settled` is a bit for each offset, in Base64. `w2` has ranges instead, see {@link packRanges}; the shorter form is used.
 */
export interface CommitState {
  /** Every offset below it is settled. */
  readonly offset: number;
  /** The settled ranges above it, ascending, with a gap before each. An offset without a message counts as settled. */
  readonly settled: readonly OffsetRange[];
  /** How often messages were lost with their owner; ascending by offset. */
  readonly losses: readonly Loss[];
  /** How many messages the owner may have in flight after the commit. */
  readonly window: number;
}

/** How often the messages below an offset were lost with their owner. */
export interface Loss {
  readonly below: number;
  readonly times: number;
}

/** How far above the first unsettled message others may always be settled: the metadata has that many bits. */
export const SPAN = 16_000;
/** How many gaps between settled ranges always fit a commit, at any distance. */
export const MOST_GAPS = 400;
/** The most entries for losses. Further entries merge into the next ones. */
const MOST_LOSSES = 20;
/** The most bytes for settled ranges, before Base64: a commit takes 4,096 bytes of metadata (`offset.metadata.max.bytes`). */
const MOST_BYTES = 2_600;

/** Returns the metadata of a commit. Ranges that do not fit are left out from the end: after a crash their messages are redelivered. */
export function writeMetadata({ offset, settled, losses, window }: CommitState): string {
  const steps = losses
    .filter(({ below }) => below > offset)
    .map(({ below, times }) => `${below - offset}:${times}`);
  const length = bitsLength(offset, settled);
  const ranges = packRanges(offset, settled, Math.min(length, MOST_BYTES));
  const [mark, bytes] = ranges === undefined ? ["w1", rangesToBits(offset, settled)] : ["w2", ranges];
  return `${mark};${window};${steps.join(",")};${bytes.toString("base64")}`;
}

/** Returns the state that a commit stores; of a commit by another client only the offset. */
export function readCommit(offset: number, metadata: string | null): CommitState {
  const [, mark, window = "0", steps = "", text = ""] =
    /^(w[12]);(\d+);([\d:,]*);([\w+/=]*)$/.exec(metadata ?? "") ?? [];
  const losses = steps === "" ? [] : steps.split(",").map((step) => lossOf(step, offset));
  const bytes = Buffer.from(text, "base64");
  const settled = mark === "w2" ? unpackRanges(offset, bytes) : bitsToRanges(offset, bytes);
  return { offset, settled, losses, window: Number(window) };
}

/** Returns the state with which the next owner starts. If the last owner vanished, its messages in flight are lost once more. */
export function takenOver({ offset, settled, losses, window }: CommitState): CommitState {
  if (window === 0) return { offset, settled, losses, window: 0 };
  const reached = offset + offsetCount(settled) + window;
  const more = losses.map(({ below, times }) => ({ below, times: times + 1 }));
  const last = more.at(-1)?.below ?? 0;
  const all = reached > last ? [...more, { below: reached, times: 1 }] : more;
  return { offset, settled, losses: all.slice(-MOST_LOSSES), window: 0 };
}

/** Returns how often a message was lost with its owner. */
export function timesLost(losses: readonly Loss[], offset: number): number {
  for (const { below, times } of losses) if (offset < below) return times;
  return 0;
}

function lossOf(step: string, offset: number): Loss {
  const [below = 0, times = 0] = step.split(":").map(Number);
  return { below: offset + below, times };
}
