/** What a test expected is not what was seen. Its message says both. */
export class ExpectationFailed extends Error {
  override readonly name: string = "ExpectationFailed";
}
