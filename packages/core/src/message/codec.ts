/** Turns data into bytes and back. One instance serves every message of its contracts, concurrently. */
export interface Codec {
  /** The media type of the bytes, such as `application/avro`. */
  readonly contentType: string;
  /** @throws anything when the data cannot be written; reported as `not-serializable`. */
  encode(data: unknown): Uint8Array;
  /** @throws anything when the bytes cannot be read; reported as `undecodable`. */
  decode(bytes: Uint8Array): unknown;
}
