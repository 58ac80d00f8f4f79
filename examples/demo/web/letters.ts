import { setTimeout as wait } from "node:timers/promises";
import type { Bus, DeadLetter } from "@waybill/core";

/** A dead letter, as the page shows it. */
export interface Letter {
  readonly id: string;
  readonly service: string;
  readonly type: string;
  /** The number of the order, which is the key of every contract here. */
  readonly key: string;
  readonly code: string;
  readonly reason: string;
  readonly tries: number;
}

/** How long to look for a message among the dead letters after its last attempt. */
const MAX_READS = 40;
const READ_INTERVAL_MS = 150;

/** The dead letters of all services, read by one reader at a time, because a reader holds the messages that it reads. */
export class DeadLetterList {
  readonly #bus: Pick<Bus, "deadLetters">;
  readonly #onChange: (service: string, letters: readonly Letter[]) => void;
  readonly #known = new Map<string, readonly Letter[]>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    bus: Pick<Bus, "deadLetters">,
    onChange: (service: string, letters: readonly Letter[]) => void,
  ) {
    this.#bus = bus;
    this.#onChange = onChange;
  }

  get all(): ReadonlyMap<string, readonly Letter[]> {
    return this.#known;
  }

  refresh(service: string): Promise<void> {
    return this.#inTurn(() => this.#read(service));
  }

  /** Reads the dead letters until the message with this key is among them. */
  expect(service: string, key: string): Promise<void> {
    return this.#inTurn(async () => {
      for (let reads = 0; reads < MAX_READS; reads++) {
        await this.#read(service);
        if (this.#known.get(service)?.some((letter) => letter.key === key) === true) return;
        await wait(READ_INTERVAL_MS);
      }
    });
  }

  /** Selects one dead letter, or all of a service. */
  replay(service: string, id: string | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#bus.deadLetters(service).replay({ where: hasId(id) });
      await this.#read(service);
    });
  }

  discard(service: string, id: string | undefined): Promise<void> {
    return this.#inTurn(async () => {
      await this.#bus.deadLetters(service).discard({ where: hasId(id) });
      await this.#read(service);
    });
  }

  async #read(service: string): Promise<void> {
    const letters = (await this.#bus.deadLetters(service).list()).map((letter) => letterOf(service, letter));
    this.#known.set(service, letters);
    this.#onChange(service, letters);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function hasId(id: string | undefined): (letter: DeadLetter) => boolean {
  return (letter) => id === undefined || letter.id === id;
}

function letterOf(service: string, { id, type, key, failure }: DeadLetter): Letter {
  const { code, message, tries } = failure;
  return { id, service, type: type ?? "a message", key: key ?? "", code, reason: message, tries };
}
