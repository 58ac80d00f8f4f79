/** Lines that services write, printed in an order that does not depend on the broker: by order number, then by step. */
export class Journal {
  readonly #lines = new Map<string, { readonly orderId: number; readonly step: number }>();
  #whenGrown: () => void = () => undefined;

  /** Notes a line once, however often its message is delivered. */
  note(orderId: number, step: number, line: string): void {
    this.#lines.set(line, { orderId, step });
    this.#whenGrown();
  }

  /** Resolves with the lines when there are `count` different ones. */
  async lines(count: number): Promise<readonly string[]> {
    while (this.#lines.size < count)
      await new Promise<void>((resolve) => {
        this.#whenGrown = resolve;
      });
    return [...this.#lines]
      .toSorted(([, a], [, b]) => a.orderId - b.orderId || a.step - b.step)
      .map(([line]) => line);
  }
}
