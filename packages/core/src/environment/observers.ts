import { quietly } from "./quietly.ts";

/**
 * The callbacks that are called with every value of one kind. An error of a callback does not affect the others or
 * the caller.
 */
export class Observers<Value> {
  readonly #all = new Set<(value: Value) => void>();

  /** Adds a callback; one that is added twice is called twice. Returns a function that removes it. */
  add(callback: (value: Value) => void): () => void {
    const own = (value: Value): void => callback(value);
    this.#all.add(own);
    return () => void this.#all.delete(own);
  }

  /** Calls all callbacks. Calls `value` once for each of them, so that nothing is computed without observers. */
  notify(value: () => Value): void {
    for (const callback of [...this.#all]) quietly(() => callback(value()));
  }
}
