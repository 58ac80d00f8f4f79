/** The only source of chance in the library: who replaces it owns chance (tests, the simulator). */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
  /** An unsigned 32-bit integer. */
  uint32(): number;
}

const POOL_WORDS = 1024;
const TWO_TO_32 = 4_294_967_296;

/** Cryptographic randomness of the platform, fetched 4 KiB at a time. */
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

/** A repeatable stream of numbers (the public-domain mulberry32 generator); not for secrets. */
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
