import type { Delivery, Settlement } from "@waybill/core/transport";

/** One delivery in somebody's hand. */
export interface Held {
  readonly message: number;
  readonly member: object;
  readonly answer: (name: string, settlement: Settlement) => void;
}

/** Whose delivery it is, of what. */
export interface Receipt {
  readonly message: number;
  readonly source: string;
  readonly member: object;
}

/** What was seen in the playing of one sequence. */
export class Log {
  /** Message and source to what became of each delivery, in order. */
  readonly #fates = new Map<string, { text: string }[]>();
  /** Lane to the messages in the order in which they were first seen. */
  readonly #lanes = new Map<string, number[]>();
  readonly #published: string[] = [];
  readonly #deadLetters = new Map<string, number>();
  readonly held: Held[] = [];
  /** Message and source of what was acknowledged or given up. */
  readonly #concluded = new Set<string>();
  #trouble: string | undefined = undefined;

  published(result: string): void {
    this.#published.push(result);
  }

  /** A delivery comes; it stays in hand until it is answered, taken back, or its member is gone. */
  receive({ attempt, lane, signal }: Delivery, { message, source, member }: Receipt): Promise<Settlement> {
    if (lane !== undefined) this.#seeInLane(`${source} lane ${lane}`, message);
    const entry = { text: `${attempt}:-` };
    listAt(this.#fates, `message ${message} in ${source}`).push(entry);
    return new Promise((resolve) => {
      const held: Held = {
        message,
        member,
        answer: (name, settlement) => {
          entry.text = `${attempt}:${name}`;
          if (name === "ack" || name === "dead-letter") this.#concluded.add(`${message} ${source}`);
          this.#drop(held);
          resolve(settlement);
        },
      };
      this.held.push(held);
      signal.addEventListener("abort", () => this.#drop(held));
    });
  }

  isConcluded(message: number, source: string): boolean {
    return this.#concluded.has(`${message} ${source}`);
  }

  /** What a member had in hand is in nobody's any more. */
  leave(member: object): void {
    for (const held of this.held.filter((each) => each.member === member)) this.#drop(held);
  }

  deadLetter(message: number, group: string): void {
    const key = `dead letters of message ${message} in ${group}`;
    this.#deadLetters.set(key, (this.#deadLetters.get(key) ?? 0) + 1);
  }

  failed(trouble: string): void {
    this.#trouble ??= trouble;
  }

  /** What can be compared: a line for each thing that was seen, in words. */
  outcome(): ReadonlyMap<string, string> {
    return new Map([
      ...this.#published.map((result, at): [string, string] => [`publish of message ${at}`, result]),
      ...[...this.#fates].map(([key, all]): [string, string] => [key, all.map(({ text }) => text).join(" ")]),
      ...[...this.#lanes].map(([key, messages]): [string, string] => [key, messages.join(" ")]),
      ...[...this.#deadLetters].map(([key, times]): [string, string] => [key, String(times)]),
      ["end", this.#trouble ?? "everything is settled"],
    ]);
  }

  #drop(held: Held): void {
    const at = this.held.indexOf(held);
    if (at >= 0) this.held.splice(at, 1);
  }

  #seeInLane(lane: string, message: number): void {
    const seen = listAt(this.#lanes, lane);
    if (!seen.includes(message)) seen.push(message);
  }
}

function listAt<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
