import { ExpectationFailed } from "./expectation-failed.ts";
import { matches } from "./matches.ts";
import { show } from "../text/show.ts";

/** A part of the data: any of its properties, at any depth. */
export type Part<Data> = Data extends readonly unknown[]
  ? Data
  : Data extends object
    ? { readonly [Name in keyof Data]?: Part<Data[Name]> }
    : Data;

/** The texts of {@link Seen} for a failed expectation. */
export interface SeenFacts {
  /** The expected object after "Expected one …", such as `command warehouse.dispatch to be sent`. */
  readonly expected: string;
  /** Returns the events of the bus so far, as text. */
  readonly instead: () => string;
}

/**
 * The data of one contract that the test bus has seen so far, oldest first. It is iterable. Its checks throw
 * {@link ExpectationFailed}, whose message contains the events of the bus.
 */
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

  /** Equals {@link count}, for `toHaveLength` of test runners. */
  get length(): number {
    return this.all.length;
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.all[Symbol.iterator]();
  }

  /**
   * Returns the only item.
   * @throws ExpectationFailed if there are none or several
   */
  one(): Item {
    const [only] = this.times(1);
    return only as Item; // times(1) has checked that it exists
  }

  /**
   * Checks that there are no items.
   * @throws ExpectationFailed
   */
  none(): void {
    this.times(0);
  }

  /**
   * Checks the number of items and returns them.
   * @throws ExpectationFailed
   */
  times(count: number): readonly Item[] {
    if (this.all.length === count) return this.all;
    throw this.#failed(
      `Expected ${expected(count, this.#facts.expected)}, but there ${were(this.all.length)}.`,
    );
  }

  /**
   * Returns the first item that has all the properties of `part`, at any depth.
   * @throws ExpectationFailed if there is none
   */
  including(part: Part<Item>): Item {
    const found = this.all.find((item) => matches(item, part));
    if (found !== undefined) return found;
    const many = this.all.length;
    const none = many === 0 ? "there was none" : many === 1 ? "the only one differs" : `all ${many} differ`;
    throw this.#failed(`Expected ${this.#facts.expected} with ${show(part)}, but ${none}.`);
  }

  #failed(expectation: string): ExpectationFailed {
    return new ExpectationFailed(`${expectation}\n${this.#facts.instead()}`);
  }
}

function expected(count: number, what: string): string {
  return count === 0 ? `no ${what}` : count === 1 ? `one ${what}` : `${what} ${count} times`;
}

function were(count: number): string {
  return count === 0 ? "was none" : count === 1 ? "was one" : `were ${count}`;
}
