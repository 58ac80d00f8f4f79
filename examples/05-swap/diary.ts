import type { Note } from "./services.ts";

/** Lines that services write, each once even if its message is redelivered, in an order that does not depend on the broker. */
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
