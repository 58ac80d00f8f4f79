/** The weight of the last of the ten bytes of a 64-bit number. */
const MOST_FACTOR = 128 ** 9;

/**
 * A reader of the primitive types of the protocol (Kafka protocol guide; KIP-98 for varints). Integers up to 2^53 - 1 are
 * exact. Every method throws a RangeError past the end.
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

  /** Reads a number in zigzag encoding, seven bits a byte. */
  varint(): number {
    const first = this.bytes[this.at++] ?? beyond();
    if (first < 128) return (first >>> 1) ^ -(first & 1);
    let value = first & 127;
    for (let factor = 128; factor <= MOST_FACTOR; factor *= 128) {
      const byte = this.bytes[this.at++] ?? beyond();
      value += (byte & 127) * factor;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new RangeError("a number has more than ten bytes");
  }

  /** Returns the next bytes without a copy; null for a negative length. */
  slice(length: number): Buffer | null {
    if (length < 0) return null;
    const at = this.#pass(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Reads a text that follows its length in two bytes. */
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
  throw new RangeError("the bytes end too early");
}
