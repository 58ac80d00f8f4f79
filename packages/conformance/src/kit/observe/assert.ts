/** The error of a scenario whose promise was broken. Never thrown for an error of the kit or the harness. */
export class BrokenPromise extends Error {
  override readonly name: string = "BrokenPromise";
}

/** Returns whether an error, or one of its causes, is a broken promise and not an unrelated error. */
export function isBrokenPromise(error: unknown): boolean {
  return error instanceof Error && (error instanceof BrokenPromise || isBrokenPromise(error.cause));
}

/** Fails the scenario unless the condition holds. `seen` describes the observation. @throws BrokenPromise */
export function assertThat(holds: boolean, seen: () => string): asserts holds {
  if (!holds) throw new BrokenPromise(seen());
}

/** Returns whether two byte sequences are equal. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** Returns whether two sets of headers have the same names and values, in any order. */
export function sameHeaders(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
  );
}

/** Returns a list for a failure message: the first items and the number of further ones. */
export function few(items: readonly unknown[], most = 12): string {
  const shown = items.slice(0, most).map(String).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown === "" ? "none" : shown;
}
