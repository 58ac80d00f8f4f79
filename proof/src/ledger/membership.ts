import { laneOf } from "@waybill/core/transport-kit/testing";
import { LANES } from "../contracts.ts";

/** One run of a handler. */
export interface Handling {
  readonly number: number;
  readonly key: string;
  readonly member: string;
  readonly began: number;
  ended: number | undefined;
}

/** What members of one service did, judged by what a key promises. */
export class Membership {
  readonly #handlings: Handling[] = [];
  readonly #holders: (string | undefined)[] = Array.from({ length: LANES }, () => undefined);

  begin({ number, key, member }: Pick<Handling, "number" | "key" | "member">, began: number): Handling {
    const handling: Handling = { number, key, member, began, ended: undefined };
    this.#handlings.push(handling);
    this.#holders[laneOf(key, LANES)] = member;
    return handling;
  }

  /** How many lanes each member had messages of last. */
  lanesHeld(): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const member of this.#holders)
      if (member !== undefined) held.set(member, (held.get(member) ?? 0) + 1);
    return held;
  }

  /** The longest time in which nothing of a lane was begun, between its first message and its last. */
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

  /** Messages that were first handled after a later one of their key. */
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

  /** Handlings that began while another one of their key was not over. */
  get overlaps(): number {
    const until = new Map<string, number>();
    let count = 0;
    for (const { key, began, ended = Infinity } of this.#handlings) {
      if (began < (until.get(key) ?? -Infinity)) count += 1;
      until.set(key, Math.max(until.get(key) ?? -Infinity, ended));
    }
    return count;
  }

  /** How the promises of a key were kept, in words; `broken` is empty where all were. */
  judgement(): { readonly note: string; readonly broken: readonly string[] } {
    const { outOfOrder, overlaps } = this;
    return {
      note: `${outOfOrder} out of order, ${overlaps} overlaps`,
      broken: [
        ...(outOfOrder === 0 ? [] : [`${outOfOrder} messages came after later ones of their key`]),
        ...(overlaps === 0 ? [] : [`${overlaps} messages were handled while another one of their key was`]),
      ],
    };
  }
}
