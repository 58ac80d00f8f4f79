/** A violated property of a run. */
export interface Violation {
  /** The name of the property, `invariant`, `check`, or the name of a rule of the simulator. */
  readonly name: string;
  /** The violation as a sentence. */
  readonly what: string;
  /** The thrown error, if there was one. */
  readonly cause: unknown;
}
