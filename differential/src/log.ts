import type { Delivery, Settlement } from "@waybill/core/transport";

/** A delivery that its member has not settled. */
export interface InFlight {
  readonly message: number;
  readonly member: object;
  readonly answer: (name: string, settlement: Settlement) => void;
}

/** The message, source and member of a delivery. */
export interface DeliveryOf {
  readonly message: number;
  readonly source: string;
  readonly member: object;
}

/** The observations of one run. */
export class Log {
  /** The result of each delivery in order, by message and source. */
  readonly #deliveries = new Map<string, { text: string }[]>();
  /** The messages of each lane, in the order of their first delivery. */
  readonly #lanes = new Map<string, number[]>();
  readonly #published: string[] = [];
  readonly #deadLetters = new Map<string, number>();
  readonly inFlight: InFlight[] = [];
  /** The message and source of each acknowledged or dead-lettered message. */
  readonly #settledFinally = new Set<string>();
  #failure: string | undefined = undefined;

  published(result: string): void {
    this.#published.push(result);
  }

  /** Adds a delivery; it stays in flight until it is answered, its signal aborts, or its member leaves. */
  receive({ attempt, lane, signal }: Delivery, { message, source, member }: DeliveryOf): Promise<Settlement> {
    if (lane !== undefined) this.#recordInLane(`${source} lane ${lane}`, message);
    const entry = { text: `${attempt}:-` };
    listAt(this.#deliveries, `message ${message} in ${source}`).push(entry);
    return new Promise((resolve) => {
      const inFlight: InFlight = {
        message,
        member,
        answer: (name, settlement) => {
          entry.text = `${attempt}:${name}`;
          if (name === "ack" || name === "dead-letter") this.#settledFinally.add(`${message} ${source}`);
          this.#remove(inFlight);
          resolve(settlement);
        },
      };
      this.inFlight.push(inFlight);
      signal.addEventListener("abort", () => this.#remove(inFlight));
    });
  }

  isSettledFinally(message: number, source: string): boolean {
    return this.#settledFinally.has(`${message} ${source}`);
  }

  /** Removes the deliveries of a member that has left from those in flight. */
  removeMember(member: object): void {
    for (const inFlight of this.inFlight.filter((each) => each.member === member)) this.#remove(inFlight);
  }

  deadLetter(message: number, group: string): void {
    const key = `dead letters of message ${message} in ${group}`;
    this.#deadLetters.set(key, (this.#deadLetters.get(key) ?? 0) + 1);
  }

  /** Logs a failure of the run. Only the first one is kept. */
  fail(failure: string): void {
    this.#failure ??= failure;
  }

  /** Returns the observations as text, one line for each message, source, lane and dead letter. */
  outcome(): ReadonlyMap<string, string> {
    return new Map([
      ...this.#published.map((result, at): [string, string] => [`publish of message ${at}`, result]),
      ...[...this.#deliveries].map(([key, all]): [string, string] => [
        key,
        all.map(({ text }) => text).join(" "),
      ]),
      ...[...this.#lanes].map(([key, messages]): [string, string] => [key, messages.join(" ")]),
      ...[...this.#deadLetters].map(([key, times]): [string, string] => [key, String(times)]),
      ["end", this.#failure ?? "everything is settled"],
    ]);
  }

  #remove(inFlight: InFlight): void {
    const at = this.inFlight.indexOf(inFlight);
    if (at >= 0) this.inFlight.splice(at, 1);
  }

  #recordInLane(lane: string, message: number): void {
    const messages = listAt(this.#lanes, lane);
    if (!messages.includes(message)) messages.push(message);
  }
}

function listAt<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
