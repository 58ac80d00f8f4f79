import type { Arbitrary } from "fast-check";

/** Code that reads what anybody may have written, and the inputs that it is tried with. */
export interface Fuzzer<Case = unknown> {
  readonly name: string;
  /** What has found a fault before: tried first, each time. */
  readonly corpus: readonly Case[];
  readonly cases: Arbitrary<Case>;
  /** Throws when it finds a fault. */
  readonly run: (input: Case) => Promise<void> | void;
  /** Ends what the fuzzer has begun. */
  readonly end?: () => Promise<void>;
}

/** For a list of fuzzers whose cases differ. */
export function fuzzer<Case>(made: Fuzzer<Case>): Fuzzer {
  return { ...made, run: (input) => made.run(input as Case) };
}

/** @throws Error unless what was promised holds */
export function hold(isKept: boolean, promise: () => string): void {
  if (!isKept) throw new Error(promise());
}
