import { checkJson } from "./json-check.ts";
import { textOf, utf8 } from "../runtime/bytes.ts";

/** A converter between the bytes of a plain message and a value. */
export interface PlainValue<Value> {
  /** Returns the value of bytes. @throws RangeError, SyntaxError for bytes of another form */
  readonly read: (bytes: Uint8Array | undefined) => Value;
  readonly write: (value: Value) => Uint8Array | undefined;
}

const LONG_BYTES = 8;

/**
 * A signed 64-bit integer, most significant byte first, or null: the form of Kafka's LongSerializer, and of a BIGINT key that
 * ksqlDB writes in the format KAFKA.
 */
export const plainLong: PlainValue<bigint | null> = {
  read(bytes) {
    if (bytes === undefined) return null;
    if (bytes.length !== LONG_BYTES)
      throw new RangeError(`a long has ${LONG_BYTES} bytes, not ${bytes.length}`);
    return viewOf(bytes).getBigInt64(0);
  },
  write(value) {
    if (value === null) return undefined;
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit into 64 bits`);
    const bytes = new Uint8Array(LONG_BYTES);
    viewOf(bytes).setBigInt64(0, value);
    return bytes;
  },
};

/** JSON in UTF-8; null for a tombstone and for an empty value. */
export const plainJson: PlainValue<unknown> = {
  read(bytes) {
    if (bytes === undefined || bytes.length === 0) return null;
    const text = textOf(bytes);
    if (text === undefined) throw new SyntaxError("not valid UTF-8");
    return JSON.parse(text) as unknown;
  },
  write(value) {
    if (value === null) return undefined;
    checkJson(value, "the value");
    return utf8(JSON.stringify(value));
  },
};

/** Text in UTF-8, or null. */
export const plainText: PlainValue<string | null> = {
  read(bytes) {
    if (bytes === undefined) return null;
    const text = textOf(bytes);
    if (text === undefined) throw new SyntaxError("not valid UTF-8");
    return text;
  },
  write: (value) => (value === null ? undefined : utf8(value)),
};

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
