import type { Contract, SubscriptionOptions } from "@waybill/core";
import type { Newable } from "inversify";
import { metadataOf } from "./symbol-metadata.ts";

/** A method that a decorator has declared a handler. */
export interface Mark {
  readonly contract: Contract;
  readonly method: string | symbol;
  readonly options: SubscriptionOptions;
}

/** The marks of each class. The key is the prototype with legacy decorators, the metadata object with standard ones. */
const MARKS = new WeakMap<object, Mark[]>();

/** Adds a mark to a class. @param holder its prototype or its metadata object */
export function mark(holder: object, added: Mark): void {
  const marks = MARKS.get(holder);
  if (marks === undefined) MARKS.set(holder, [added]);
  else marks.push(added);
}

/** Returns the marks of a class and its base classes. A mark of a subclass replaces the marks of the same method in a base class. */
export function marksOf(type: Newable): readonly Mark[] {
  const marks = new Map<string | symbol, Mark[]>();
  for (const each of withBaseClasses(type)) {
    const prototype: unknown = each.prototype;
    const own = [prototype, metadataOf(each)].flatMap((holder) =>
      typeof holder === "object" && holder !== null ? (MARKS.get(holder) ?? []) : [],
    );
    for (const method of new Set(own.map(({ method }) => method)))
      marks.set(
        method,
        own.filter((mark) => mark.method === method),
      );
  }
  return [...marks.values()].flat();
}

/** Returns a class and its base classes, the base classes first. */
function withBaseClasses(type: Newable): readonly Newable[] {
  const classes: Newable[] = [];
  for (let each: unknown = type; typeof each === "function"; each = Object.getPrototypeOf(each))
    if (each.prototype !== undefined) classes.unshift(each as Newable);
  return classes;
}
