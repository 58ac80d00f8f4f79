/** A header of a record that was read. */
export class RawHeader {
  readonly name: string;
  readonly value: Buffer | null;
  #text: string | undefined = undefined;

  constructor(name: string, value: Buffer | null) {
    this.name = name;
    this.value = value;
  }

  /** The value as a UTF-8 text; empty for a null value. */
  get text(): string {
    return (this.#text ??= this.value === null ? "" : this.value.toString());
  }
}
