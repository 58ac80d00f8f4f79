/** The only source of randomness of the library. Tests and the simulator replace it. */
export interface Random {
  /** Returns a number from 0 (included) to 1 (excluded). */
  next(): number;
  /** Returns an unsigned 32-bit integer. */
  uint32(): number;
}

const POOL_WORDS = 1024;
const TWO_TO_32 = 4_294_967_296;

/** The cryptographic randomness of the platform, fetched 4 KiB at a time. */
export const systemRandom: Random = (() => {
  const pool = new Uint32Array(POOL_WORDS);
  let used = POOL_WORDS;
  const uint32 = (): number => {
    if (used === POOL_WORDS) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    return pool[used++] ?? 0;
  };
  return { uint32, next: () => uint32() / TWO_TO_32 };
})();

/** Returns a reproducible source of numbers (the public-domain generator mulberry32); not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return { uint32, next: () => uint32() / TWO_TO_32 };
}

/** Returns 128 random bits as 32 hexadecimal digits: a name that no other process takes or guesses. */
export function randomToken(random: Random): string {
  const words = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, "0"));
  return words.join("");
}
