import { promisify } from "node:util";
import { gzip, unzip } from "node:zlib";
import { MalformedBatch } from "./batch-limits.ts";

const gzipBytes = promisify(gzip);
const unzipBytes = promisify(unzip);

/** The last bytes hold the uncompressed size modulo 2^32 (RFC 1952, §2.3.1). */
const SIZE_BYTES = 4;

/** Returns bytes, compressed. */
export function compress(bytes: Uint8Array): Promise<Buffer> {
  return gzipBytes(bytes);
}

/** Returns bytes, decompressed. Never allocates more than `most` bytes. @throws MalformedBatch when there are more, or they are damaged */
export async function decompress(bytes: Buffer, most: number): Promise<Buffer> {
  const size = bytes.length < SIZE_BYTES ? 0 : bytes.readUInt32LE(bytes.length - SIZE_BYTES);
  if (size > most) throw tooLarge(most);
  try {
    return await unzipBytes(bytes, { maxOutputLength: most });
  } catch (cause) {
    if (isTooLarge(cause)) throw tooLarge(most);
    throw new MalformedBatch(`it cannot be decompressed: ${String(cause)}`, { cause });
  }
}

/** Returns the error of a batch that decompresses to too many bytes. */
export function tooLarge(most: number): MalformedBatch {
  return new MalformedBatch(`it decompresses to more than ${most} bytes`);
}

function isTooLarge(cause: unknown): boolean {
  return cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
}
