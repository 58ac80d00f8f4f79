import { utf8 } from "../runtime/bytes.ts";

/**
 * Returns the lane of a key: `(murmur2(utf8(key)) & 0x7fffffff) mod lanes`. The default partitioner of the Java Kafka client
 * chooses the partition of a key in the same way (org.apache.kafka.common.utils.Utils), so that other producers agree. A key
 * of bytes is hashed as it is.
 */
export function laneOf(key: string | Uint8Array, lanes: number): number {
  return (murmur2(typeof key === "string" ? utf8(key) : key) & 0x7fff_ffff) % lanes;
}

const MULTIPLIER = 0x5bd1_e995;
const SEED = 0x9747_b28c;

/** Returns the 32-bit MurmurHash2 of the Java Kafka client, as a signed integer. */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word =
      byte(data, at) | (byte(data, at + 1) << 8) | (byte(data, at + 2) << 16) | (byte(data, at + 3) << 24);
    let mixed = Math.imul(word, MULTIPLIER);
    mixed = Math.imul(mixed ^ (mixed >>> 24), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ mixed;
  }
  if (at < length) {
    for (let rest = length - at; rest > 0; rest--) hash ^= byte(data, at + rest - 1) << (8 * (rest - 1));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function byte(data: Uint8Array, at: number): number {
  return data[at] ?? 0;
}
