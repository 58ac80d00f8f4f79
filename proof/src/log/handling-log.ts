import { laneOf } from "@waybill/core/transport-kit/testing";
import { LANES } from "../contracts.ts";

/** One call of a handler. */
export interface Handling {
  readonly number: number;
  readonly key: string;
  readonly member: string;
  readonly began: number;
  ended: number | undefined;
}

/** The handler calls of all members of a service, checked for order by key. */
export class HandlingLog {
  readonly #handlings: Handling[] = [];
  readonly #owners: (string | undefined)[] = Array.from({ length: LANES }, () => undefined);

  begin({ number, key, member }: Pick<Handling, "number" | "key" | "member">, began: number): Handling {
    const handling: Handling = { number, key, member, began, ended: undefined };
    this.#handlings.push(handling);
    this.#owners[laneOf(key, LANES)] = member;
    return handling;
  }

  /** Returns how many lanes each member owns: a lane belongs to the member that handled its last message. */
  lanesOwned(): ReadonlyMap<string, number> {
    const owned = new Map<string, number>();
    for (const member of this.#owners)
      if (member !== undefined) owned.set(member, (owned.get(member) ?? 0) + 1);
    return owned;
  }

  /** The longest time between two messages of a lane, in milliseconds. */
  get longestPauseMs(): number {
    const last: (number | undefined)[] = [];
    let longest = 0;
    for (const { key, began } of this.#handlings) {
      const lane = laneOf(key, LANES);
      longest = Math.max(longest, began - (last[lane] ?? began));
      last[lane] = began;
    }
    return longest;
  }

  /** The number of messages that were first handled after a later message of their key. */
  get outOfOrder(): number {
    const highest = new Map<string, number>();
    const seen = new Set<number>();
    let count = 0;
    for (const { number, key } of this.#handlings) {
      if (seen.has(number)) continue;
      seen.add(number);
      const before = highest.get(key) ?? -1;
      if (number < before) count += 1;
      else highest.set(key, number);
    }
    return count;
  }

  /** The number of handler calls that began before the end of another call for their key. */
  get overlaps(): number {
    const lastEnd = new Map<string, number>();
    let count = 0;
    for (const { key, began, ended = Infinity } of this.#handlings) {
      if (began < (lastEnd.get(key) ?? -Infinity)) count += 1;
      lastEnd.set(key, Math.max(lastEnd.get(key) ?? -Infinity, ended));
    }
    return count;
  }

  /** Returns the counts as text, and a sentence for each broken promise. */
  verdict(): { readonly note: string; readonly violations: readonly string[] } {
    const { outOfOrder, overlaps } = this;
    return {
      note: `${outOfOrder} out of order, ${overlaps} overlaps`,
      violations: [
        ...(outOfOrder === 0
          ? []
          : [`${outOfOrder} messages were handled after a later message of their key`]),
        ...(overlaps === 0 ? [] : [`${overlaps} messages were handled during another message of their key`]),
      ],
    };
  }
}
