/** Turns data into bytes and back. One instance serves every message of its contracts, concurrently. */
export interface Codec {
  /** The media type of the bytes, such as `application/avro`. */
  readonly contentType: string;
  /** @throws anything when the data cannot be written; reported as `not-serializable`. */
  encode(data: unknown): Uint8Array;
  /** @throws anything when the bytes cannot be read; reported as `undecodable`. */
  decode(bytes: Uint8Array): unknown;
}

/** Bytes as they are: for data that another library has already written. */
export const bytesCodec: Codec = {
  contentType: "application/octet-stream",
  encode(data) {
    if (data instanceof Uint8Array) return data;
    throw new TypeError(`expected a Uint8Array, got ${data === null ? "null" : typeof data}`);
  },
  decode: (bytes) => new Uint8Array(bytes), // a copy: what its handler does to it must not reach the next try
};
