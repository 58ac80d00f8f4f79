/** One thing done that the world can see. */
export interface Effect {
  /** What was done: `charge`. */
  readonly name: string;
  /** To or for what: an order's number. */
  readonly key: string;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  /** The process that did it. */
  readonly by: string;
}
