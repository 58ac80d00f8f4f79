import type { Contract, SubscriptionOptions } from "@waybill/core";
import type { Newable } from "inversify";
import { metadataOf } from "./symbol-metadata.ts";

/** A method that a decorator has named as a handler. */
export interface Mark {
  readonly contract: Contract;
  readonly method: string | symbol;
  readonly options: SubscriptionOptions;
}

/** By the prototype of a class with legacy decorators, or the metadata of one with standard decorators. */
const MARKS = new WeakMap<object, Mark[]>();

/** Adds a mark to the class that `holder` stands for. */
export function mark(holder: object, added: Mark): void {
  const marks = MARKS.get(holder);
  if (marks === undefined) MARKS.set(holder, [added]);
  else marks.push(added);
}

/** The marks of a class and its ancestors. A method that is marked again further down is what it is there. */
export function marksOf(type: Newable): readonly Mark[] {
  const marks = new Map<string | symbol, Mark[]>();
  for (const ancestor of lineOf(type)) {
    const prototype: unknown = ancestor.prototype;
    const own = [prototype, metadataOf(ancestor)].flatMap((holder) =>
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

/** A class and its ancestors, the oldest first. */
function lineOf(type: Newable): readonly Newable[] {
  const line: Newable[] = [];
  for (let each: unknown = type; typeof each === "function"; each = Object.getPrototypeOf(each))
    if (each.prototype !== undefined) line.unshift(each as Newable);
  return line;
}
