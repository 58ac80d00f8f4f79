import type { Arbitrary } from "fast-check";

/** Code that reads foreign input, and the generated inputs for it. */
export interface Fuzzer<Case = unknown> {
  readonly name: string;
  /** Inputs that have found a fault before; they run first, each time. */
  readonly corpus: readonly Case[];
  readonly cases: Arbitrary<Case>;
  /** Throws if it finds a fault. */
  readonly run: (input: Case) => Promise<void> | void;
  /** Frees the resources of the fuzzer. */
  readonly end?: () => Promise<void>;
}

/** Hides the type of the cases, so that a list may hold different fuzzers. */
export function fuzzer<Case>(made: Fuzzer<Case>): Fuzzer {
  return { ...made, run: (input) => made.run(input as Case) };
}

/** @throws Error with the fault unless the condition holds */
export function assertThat(isKept: boolean, promise: () => string): void {
  if (!isKept) throw new Error(promise());
}
