import type { Codec } from "../message/codec.ts";

/** Bytes as they are: for data that another library has already written. */
export const bytesCodec: Codec = {
  contentType: "application/octet-stream",
  encode(data) {
    if (data instanceof Uint8Array) return data;
    throw new TypeError(`expected a Uint8Array, got ${data === null ? "null" : typeof data}`);
  },
  decode: (bytes) => new Uint8Array(bytes), // a copy: what its handler does to it must not reach the next try
};
