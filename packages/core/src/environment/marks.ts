/**
 * Returns the mark of a kind of objects. A process may have two copies of core: one in a bundle and one beside it, or two
 * versions in a monorepo. Core therefore recognises objects of the other copy by a mark that both know, and not by their class.
 */
export function markOf(kind: string): symbol {
  return Symbol.for(`waybill.${kind}`);
}

/** Returns whether a value or its class has a mark. Never throws. */
export function bearsMark(value: unknown, mark: symbol): value is object {
  try {
    return typeof value === "object" && value !== null && mark in value;
  } catch {
    return false; // a proxy that throws
  }
}

/**
 * Marks the instances of a class, and makes `instanceof` look for the mark. Derived classes keep the usual
 * `instanceof`.
 */
export function markClass(type: { readonly prototype: object }, mark: symbol): void {
  Object.defineProperty(type.prototype, mark, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === type
        ? bearsMark(value, mark)
        : Function.prototype[Symbol.hasInstance].call(this as () => void, value);
    },
  });
}
