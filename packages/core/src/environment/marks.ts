/**
 * A process may hold two copies of core: one in a bundle and one beside it, or two versions in a monorepo. Things that go
 * from one copy to the other are therefore recognised by a mark that both copies know, not by their class.
 */
export function markOf(kind: string): symbol {
  return Symbol.for(`waybill.${kind}`);
}

/** Whether a value has a mark, itself or from its class. Never throws, whatever the value is. */
export function bearsMark(value: unknown, mark: symbol): value is object {
  try {
    return typeof value === "object" && value !== null && mark in value;
  } catch {
    return false; // a proxy that refuses to answer
  }
}

/** Marks the instances of a class, and lets `instanceof` go by the mark. A class derived from it is asked as usual. */
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
