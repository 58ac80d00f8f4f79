import { promisify } from "node:util";
import { gzip, unzip } from "node:zlib";
import { MalformedBatch } from "./batch-limits.ts";

const pack = promisify(gzip);
const unpack = promisify(unzip);

/** The size of what was packed, modulo 2^32, in the last bytes (RFC 1952, §2.3.1). */
const SIZE_BYTES = 4;

export function compress(bytes: Uint8Array): Promise<Buffer> {
  return pack(bytes);
}

/** Unpacks at most so many bytes; never allocates more. @throws MalformedBatch */
export async function decompress(bytes: Buffer, most: number): Promise<Buffer> {
  const size = bytes.length < SIZE_BYTES ? 0 : bytes.readUInt32LE(bytes.length - SIZE_BYTES);
  if (size > most) throw tooLarge(most);
  try {
    return await unpack(bytes, { maxOutputLength: most });
  } catch (cause) {
    if (isTooLarge(cause)) throw tooLarge(most);
    throw new MalformedBatch(`it cannot be unpacked: ${String(cause)}`, { cause });
  }
}

export function tooLarge(most: number): MalformedBatch {
  return new MalformedBatch(`it unpacks to more than ${most} bytes`);
}

function isTooLarge(cause: unknown): boolean {
  return cause instanceof RangeError && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
}
