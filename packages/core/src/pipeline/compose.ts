/** One named step around all later steps. It may return without calling `next`, or call it more than once. */
export interface Step<Context, Result> {
  readonly name: string;
  readonly run: (context: Context, next: (context: Context) => Result) => Result;
}

/**
 * Joins steps, the first one outermost. The chain is linked once, here: running it allocates nothing.
 * The last step must not call `next`.
 */
export function compose<Context, Result>(
  steps: readonly Step<Context, Result>[],
): (context: Context) => Result {
  return steps.reduceRight<(context: Context) => Result>(
    (next, step) => (context) => step.run(context, next),
    () => {
      throw new TypeError("the last step of a pipeline called next");
    },
  );
}
