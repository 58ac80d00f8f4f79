import { ExpectationFailed } from "./expectation-failed.ts";
import { matches } from "./matches.ts";
import { show } from "../text/show.ts";

/** A part of some data: any of its properties, at any depth. */
export type Part<Data> = Data extends readonly unknown[]
  ? Data
  : Data extends object
    ? { readonly [Name in keyof Data]?: Part<Data[Name]> }
    : Data;

/** How {@link Seen} tells what it is about, when it is not what was expected. */
export interface SeenFacts {
  /** `command warehouse.dispatch to be sent`: the rest of "Expected one …". */
  readonly expected: string;
  /** Everything that happened on the bus so far, as text. */
  readonly instead: () => string;
}

/** What was seen of one contract so far, oldest first: a list of data with checks. To iterate gives the data. The checks throw {@link ExpectationFailed}, which says what was seen instead. */
export class Seen<Item> implements Iterable<Item> {
  readonly all: readonly Item[];
  readonly #facts: SeenFacts;

  constructor(all: readonly Item[], facts: SeenFacts) {
    this.all = all;
    this.#facts = facts;
  }

  get count(): number {
    return this.all.length;
  }

  /** The same as {@link count}, so that `toHaveLength` of test runners works. */
  get length(): number {
    return this.all.length;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.all[Symbol.iterator]();
  }

  /** The only one. @throws ExpectationFailed */
  one(): Item {
    const [only] = this.times(1);
    return only as Item; // times has counted
  }

  /** @throws ExpectationFailed */
  none(): void {
    this.times(0);
  }

  /** All of them, when there are so many. @throws ExpectationFailed */
  times(count: number): readonly Item[] {
    if (this.all.length === count) return this.all;
    throw this.#failed(
      `Expected ${numberOf(count)} ${this.#facts.expected}, but there ${were(this.all.length)}.`,
    );
  }

  /** The first that has all the properties of `part`, at any depth. @throws ExpectationFailed */
  including(part: Part<Item>): Item {
    const found = this.all.find((item) => matches(item, part));
    if (found !== undefined) return found;
    const many = this.all.length;
    const none =
      many === 0
        ? "there was none at all"
        : many === 1
          ? "the one there was differs"
          : `none of the ${many} does`;
    throw this.#failed(`Expected ${this.#facts.expected} with ${show(part)}, but ${none}.`);
  }

  #failed(what: string): ExpectationFailed {
    return new ExpectationFailed(`${what}\n${this.#facts.instead()}`);
  }
}

function numberOf(count: number): string {
  return count === 0 ? "no" : count === 1 ? "one" : String(count);
}

function were(count: number): string {
  return count === 0 ? "was none" : count === 1 ? "was one" : `were ${count}`;
}
