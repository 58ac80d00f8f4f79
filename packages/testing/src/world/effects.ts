/** An effect on the outside world that an application has recorded. */
export interface Effect {
  /** The name of the effect, such as `charge`. */
  readonly name: string;
  /** The key of the effect, such as the number of an order. */
  readonly key: string;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  /** The process that caused it. */
  readonly by: string;
}
