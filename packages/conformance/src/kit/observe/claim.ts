/** A scenario saw its promise broken: never thrown for trouble of the kit or the harness. */
export class BrokenPromise extends Error {
  override readonly name: string = "BrokenPromise";
}

/** Whether a scenario failed because a promise was broken, in a generated case or outright, and not by an accident. */
export function isBrokenPromise(error: unknown): boolean {
  return error instanceof Error && (error instanceof BrokenPromise || isBrokenPromise(error.cause));
}

/** Fails the scenario unless it holds. The sentence says what was seen instead. */
export function claim(holds: boolean, seen: () => string): asserts holds {
  if (!holds) throw new BrokenPromise(seen());
}

/** Whether two byte sequences are the same. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

/** Whether two sets of headers have the same names and values; the order of names means nothing. */
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

/** A list for a failure's text: the first few, and how many more. */
export function few(items: readonly unknown[], most = 12): string {
  const shown = items.slice(0, most).map(String).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown === "" ? "none" : shown;
}
