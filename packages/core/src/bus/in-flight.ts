import { InHand } from "../adapting/in-hand.ts";
import type { Cancel, Clock } from "../ground/clock.ts";

/** One call of the transport that is not answered yet. */
export interface Flight {
  readonly since: number;
  /** Called when there was no answer in time. */
  readonly giveUp: () => void;
  isOver: boolean;
  before: Flight | undefined;
  after: Flight | undefined;
}

/** The unanswered calls of a transport, each with a deadline: one timer for all of them. */
export class InFlight {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #flights = new InHand<Flight>();
  #cancel: Cancel | undefined = undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  begin(giveUp: () => void): Flight {
    const flight: Flight = {
      since: this.#clock.now(),
      giveUp,
      isOver: false,
      before: undefined,
      after: undefined,
    };
    this.#flights.add(flight);
    this.#cancel ??= this.#clock.schedule(this.#timeoutMs, () => this.#look());
    return flight;
  }

  /** False when it was given up before. */
  end(flight: Flight): boolean {
    if (flight.isOver) return false;
    flight.isOver = true;
    this.#flights.remove(flight);
    return true;
  }

  /** Watches no more. */
  close(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  #look(): void {
    this.#cancel = undefined;
    const before = this.#clock.now() - this.#timeoutMs;
    for (let flight = this.#flights.first; flight !== undefined; flight = this.#flights.first) {
      if (flight.since > before) {
        this.#cancel = this.#clock.schedule(flight.since - before, () => this.#look());
        return;
      }
      this.end(flight);
      flight.giveUp();
    }
  }
}
