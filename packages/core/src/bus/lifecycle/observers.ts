import { quietly } from "../../environment/quietly.ts";

/** Who wants to hear of something. What a listener throws is its own affair. */
export class Observers<Value> {
  readonly #all = new Set<(value: Value) => void>();

  /** Returns what ends it. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value): void => listener(value); // added twice, told twice
    this.#all.add(own);
    return () => void this.#all.delete(own);
  }

  /** Makes the value only if somebody listens. */
  tell(value: () => Value): void {
    for (const listener of [...this.#all]) quietly(() => listener(value()));
  }
}
