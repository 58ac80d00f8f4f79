/** What the last of the ten bytes of a number of 64 bits counts. */
const MOST_FACTOR = 128 ** 9;

/**
 * Reads what Kafka writes, from the front to the back (Kafka protocol guide, protocol primitive types; KIP-98 for numbers of
 * varying length). Whole numbers up to 2^53 - 1. @throws RangeError past the end
 */
export class ByteReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#pass(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#pass(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#pass(4));
  }

  int64(): number {
    const at = this.#pass(8);
    return this.bytes.readInt32BE(at) * 0x1_0000_0000 + this.bytes.readUInt32BE(at + 4);
  }

  /** In zigzag, seven bits a byte. */
  varint(): number {
    const first = this.bytes[this.at++] ?? beyond();
    if (first < 128) return (first >>> 1) ^ -(first & 1);
    let value = first & 127;
    for (let factor = 128; factor <= MOST_FACTOR; factor *= 128) {
      const byte = this.bytes[this.at++] ?? beyond();
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RangeError("a number is longer than any can be");
  }

  /** So many bytes where they lie; null for fewer than none. */
  slice(length: number): Buffer | null {
    if (length < 0) return null;
    const at = this.#pass(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A text with its length in two bytes before it. */
  text(): string {
    return String(this.slice(this.int16()) ?? "");
  }

  #pass(count: number): number {
    const { at } = this;
    this.at += count;
    if (this.at > this.bytes.length) beyond();
    return at;
  }
}

function beyond(): never {
  throw new RangeError("the bytes end before what they should hold");
}
