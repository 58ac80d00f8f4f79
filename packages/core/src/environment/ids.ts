import type { Clock } from "./clock.ts";
import type { Random } from "./random.ts";

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex8 = (byte: number): string => HEX[byte & 0xff] ?? "";
const hex16 = (word: number): string => hex8(word >>> 8) + hex8(word);
const hex32 = (word: number): string => hex16(word >>> 16) + hex16(word);

/**
 * Returns a function that creates UUIDs of version 7 (RFC 9562 §5.7): 48 bits of milliseconds, a 12-bit counter that keeps
 * ids of one millisecond in order (§6.2, method 1), and 62 random bits.
 */
export function createIds(clock: Clock, random: Random): () => string {
  let last = -1;
  let counter = 0;
  let prefix = "";
  return () => {
    const now = clock.now();
    if (now > last) {
      last = now;
      counter = random.uint32() & 0x7ff; // the top bit stays free for counting up
      prefix = timePrefix(last);
    } else if (++counter > 0xfff) {
      last += 1; // more than 2,048 ids in a millisecond: borrow from the next one (§6.2)
      counter = 0;
      prefix = timePrefix(last);
    }
    const high = (random.uint32() & 0x3fff_ffff) | 0x8000_0000;
    return `${prefix}${hex16(0x7000 | counter)}-${hex16(high >>> 16)}-${hex16(high)}${hex32(random.uint32())}`;
  };
}

function timePrefix(milliseconds: number): string {
  const upper = Math.floor(milliseconds / 65_536);
  return `${hex32(upper)}-${hex16(milliseconds % 65_536)}-`;
}
