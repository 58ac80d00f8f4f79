import { seededRandom } from "@waybill/core/transport-kit/testing";

/** A run of the model that came close to the wanted line, with its random numbers. */
export interface Neighbour {
  /** The similarity to the wanted outcome; higher is closer. */
  readonly score: number;
  readonly drawn: readonly number[];
}

/** The largest number of neighbours. One is not enough, because the closest run may have taken a wrong turn early. */
const MAX_NEIGHBOURS = 12;
const FREE_SHARE = 0.2;

/** The runs closest to the wanted line, at most one for each observed line. */
export class Neighbours {
  readonly #runs = new Map<string, Neighbour>();

  /** Keeps the run if its score is at least that of the earlier run with the same observed line. */
  add(observed: string, neighbour: Neighbour): void {
    const { score } = neighbour;
    if (score < (this.#runs.get(observed)?.score ?? 0)) return;
    this.#runs.set(observed, neighbour);
    if (this.#runs.size <= MAX_NEIGHBOURS) return;
    const [farthest] = [...this.#runs].reduce((far, each) => (each[1].score < far[1].score ? each : far));
    this.#runs.delete(farthest);
  }

  /** Returns the random numbers that the next run begins with: a random part of one neighbour's, or none. */
  prefix(seed: number): readonly number[] {
    const random = seededRandom(~seed);
    const all = [...this.#runs.values()];
    const { drawn = [] } = all[Math.floor(random.next() * all.length)] ?? {};
    return random.next() < FREE_SHARE ? [] : drawn.slice(0, Math.floor(random.next() * drawn.length));
  }
}
