/** What was wrong with a run. */
export interface Violation {
  /** The property, `invariant`, `check`, or what of the simulator's own rules was broken. */
  readonly name: string;
  /** What is wrong, as a sentence. */
  readonly what: string;
  /** What was thrown, where something was. */
  readonly cause: unknown;
}
