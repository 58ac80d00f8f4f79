/** The actions of a program, sorted alphabetically. Each program handles two orders; the mailer fails for one. */
export class Notes {
  readonly #lines = new Set<string>();
  #whenGrown: () => void = () => undefined;

  /** Notes a line once. */
  add(line: string): void {
    this.#lines.add(line);
    this.#whenGrown();
  }

  /** Prints all lines when there are `count`. */
  async print(count: number): Promise<void> {
    while (this.#lines.size < count)
      await new Promise<void>((resolve) => {
        this.#whenGrown = resolve;
      });
    console.log([...this.#lines].toSorted().join("\n"));
  }
}
