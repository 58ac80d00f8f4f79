/** What services write down, printed in an order that no broker decides: by order number, then as numbered. */
export class Journal {
  readonly #lines = new Map<string, { readonly orderId: number; readonly step: number }>();
  #whenGrown: () => void = () => undefined;

  /** Notes a line once, however often its message is delivered. */
  note(orderId: number, step: number, line: string): void {
    this.#lines.set(line, { orderId, step });
    this.#whenGrown();
  }

  /** Resolves once so many different lines are there. */
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
