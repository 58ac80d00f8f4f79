/** What each of the programs does, in the order of the alphabet: two orders, of which the mailer cannot handle one. */
export class Notes {
  readonly #lines = new Set<string>();
  #whenGrown: () => void = () => undefined;

  /** Notes a line once. */
  add(line: string): void {
    this.#lines.add(line);
    this.#whenGrown();
  }

  /** Prints all once there are so many. */
  async print(count: number): Promise<void> {
    while (this.#lines.size < count)
      await new Promise<void>((resolve) => {
        this.#whenGrown = resolve;
      });
    console.log([...this.#lines].toSorted().join("\n"));
  }
}
