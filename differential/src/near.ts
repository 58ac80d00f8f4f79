import { seededRandom } from "@waybill/core/transport-kit/testing";

/** A playing, and the chance that led to it. */
export interface Playing {
  /** How like it was to what is looked for. */
  readonly score: number;
  readonly drawn: readonly number[];
}

/** So many are kept: where the nearest of all has gone wrong early, another has not. */
const MOST = 12;
const FREE_SHARE = 0.2;

/** The playings that came nearest to what is looked for, one of each kind. */
export class Near {
  readonly #playings = new Map<string, Playing>();

  /** @param kind what was seen instead: of those that saw the same, the latest of the nearest is kept */
  add(kind: string, playing: Playing): void {
    const { score } = playing;
    if (score < (this.#playings.get(kind)?.score ?? 0)) return;
    this.#playings.set(kind, playing);
    if (this.#playings.size <= MOST) return;
    const [farthest] = [...this.#playings].reduce((far, each) => (each[1].score < far[1].score ? each : far));
    this.#playings.delete(farthest);
  }

  /** The chance that the next playing begins with: some of what led to one of these, or none. */
  beginning(seed: number): readonly number[] {
    const random = seededRandom(~seed);
    const all = [...this.#playings.values()];
    const { drawn = [] } = all[Math.floor(random.next() * all.length)] ?? {};
    return random.next() < FREE_SHARE ? [] : drawn.slice(0, Math.floor(random.next() * drawn.length));
  }
}
