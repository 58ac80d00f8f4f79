/**
 * What a group has done of a partition, as it is committed: the offset below which all is settled, and in the commit's
 * metadata what an offset alone cannot say: which messages above it are settled too, so that they may be settled in any
 * order, and how often those that are not were in the hands of a member that vanished. The metadata of a commit has 4,096
 * bytes (`offset.metadata.max.bytes`).
 *
 * `w1;<window>;<limit>:<times>,…;<bits in Base64>`: `window` is how many messages the present owner may hold, 0 for who let go in
 * order; each `limit` is relative to the committed offset, and messages below it were lost `times` times.
 */
export interface Progress {
  /** All below it is settled. */
  readonly offset: number;
  /** Settled above it, ascending. */
  readonly done: readonly number[];
  /** How often messages below an offset were lost with their member; ascending by offset. */
  readonly losses: readonly Loss[];
  /** How many messages the owner may hold at the time of the commit. */
  readonly window: number;
}

export interface Loss {
  readonly below: number;
  readonly times: number;
}

/** How far above the first unsettled message others may be settled: as many as the metadata has bits for. */
export const SPAN = 16_000;
/** Steps beyond it are merged. */
const MOST_LOSSES = 20;

export function writeProgress({ offset, done, losses, window }: Progress): string {
  const steps = losses
    .filter(({ below }) => below > offset)
    .map(({ below, times }) => `${below - offset}:${times}`);
  return `w1;${window};${steps.join(",")};${bitsOf(offset, done)}`;
}

/** Reads a commit, also one that another client made. */
export function readProgress(offset: number, metadata: string | null): Progress {
  const [, window = "0", steps = "", bits = ""] =
    /^w1;(\d+);([\d:,]*);([\w+/=]*)$/.exec(metadata ?? "") ?? [];
  const losses = steps === "" ? [] : steps.split(",").map((step) => lossOf(step, offset));
  return { offset, done: doneOf(offset, bits), losses, window: Number(window) };
}

/** What the next owner starts with: what the last one had and did not let go was lost once more. */
export function taken({ offset, done, losses, window }: Progress): Progress {
  if (window === 0) return { offset, done, losses, window: 0 };
  const reached = offset + done.length + window;
  const more = losses.map(({ below, times }) => ({ below, times: times + 1 }));
  const last = more.at(-1)?.below ?? 0;
  const all = reached > last ? [...more, { below: reached, times: 1 }] : more;
  return { offset, done, losses: all.slice(-MOST_LOSSES), window: 0 };
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

function bitsOf(offset: number, done: readonly number[]): string {
  const last = done.at(-1);
  if (last === undefined) return "";
  const bytes = Buffer.alloc(Math.floor((last - offset) / 8) + 1);
  for (const each of done) {
    const bit = each - offset;
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return bytes.toString("base64");
}

function doneOf(offset: number, bits: string): readonly number[] {
  const done: number[] = [];
  for (const [at, byte] of Buffer.from(bits, "base64").entries())
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) done.push(offset + at * 8 + bit);
  return done;
}
