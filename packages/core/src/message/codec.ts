/** A serializer: converts data to bytes and back. One instance serves all messages of its contracts, concurrently. */
export interface Codec {
  /** The media type of the bytes, such as `application/avro`. */
  readonly contentType: string;
  /**
   * Returns the bytes of data.
   * @throws any error for data that it cannot write; core reports it as `not-serializable`
   */
  encode(data: unknown): Uint8Array;
  /** Returns the data of bytes. @throws any error for bytes that it cannot read; core reports it as `undecodable` */
  decode(bytes: Uint8Array): unknown;
}

/** A codec for data that is bytes already. */
export const bytesCodec: Codec = {
  contentType: "application/octet-stream",
  encode(data) {
    if (data instanceof Uint8Array) return data;
    throw new TypeError(`expected a Uint8Array, got ${data === null ? "null" : typeof data}`);
  },
  decode: (bytes) => new Uint8Array(bytes), // a copy, so that a change by the handler does not affect its retry
};
