/** A header of a record as it was read. */
export class RawHeader {
  readonly name: string;
  readonly value: Buffer | null;
  #text: string | undefined = undefined;

  constructor(name: string, value: Buffer | null) {
    this.name = name;
    this.value = value;
  }

  /** The value in UTF-8; empty for null. */
  get text(): string {
    return (this.#text ??= this.value === null ? "" : this.value.toString());
  }
}
