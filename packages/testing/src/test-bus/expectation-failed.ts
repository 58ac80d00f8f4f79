/** The error of a failed expectation. Its message contains the expectation and the journal of the bus. */
export class ExpectationFailed extends Error {
  override readonly name: string = "ExpectationFailed";
}
