import type { Note } from "./services.ts";

/** What services note, each line once however often its message comes, in an order that no broker decides. */
export class Diary {
  readonly #lines = new Map<string, readonly [orderId: string, step: number]>();
  #grown: () => void = () => undefined;

  readonly note: Note = (orderId, step, line) => {
    this.#lines.set(`${orderId.padEnd(6)}  ${line}`, [orderId, step]);
    this.#grown();
  };

  /** All lines, once there are so many. */
  async until(count: number): Promise<readonly string[]> {
    while (this.#lines.size < count) await new Promise<void>((resolve) => (this.#grown = resolve));
    return [...this.#lines]
      .toSorted(([, [a, i]], [, [b, j]]) => a.localeCompare(b) || i - j)
      .map(([line]) => line);
  }
}
