import { InFlightList, type Linked } from "../../transport-kit/deliver/in-flight-list.ts";
import type { Cancel, Clock } from "../../environment/clock.ts";

/** One call of the transport that is not answered yet. */
export interface Flight {
  /** When it began. */
  readonly since: number;
  isOver: boolean;
  before: Flight | undefined;
  after: Flight | undefined;
}

export interface InFlightOptions<Call extends Flight & Linked<Call>> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Called for a call that had no answer in time; it is over then. */
  readonly giveUp: (call: Call) => void;
}

/** The unanswered calls of a transport, each with a deadline: one timer for all of them. */
export class InFlight<Call extends Flight & Linked<Call>> {
  readonly #options: InFlightOptions<Call>;
  readonly #calls = new InFlightList<Call>();
  #cancel: Cancel | undefined = undefined;

  constructor(options: InFlightOptions<Call>) {
    this.#options = options;
  }

  begin(call: Call): void {
    this.#calls.add(call);
    this.#cancel ??= this.#options.clock.schedule(this.#options.timeoutMs, this.#look);
  }

  /** False when it was given up before. */
  end(call: Call): boolean {
    if (call.isOver) return false;
    call.isOver = true;
    this.#calls.remove(call);
    return true;
  }

  /** Watches no more. */
  close(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  readonly #look = (): void => {
    const { clock, timeoutMs, giveUp } = this.#options;
    this.#cancel = undefined;
    const before = clock.now() - timeoutMs;
    for (let call = this.#calls.first; call !== undefined; call = this.#calls.first) {
      if (call.since > before) {
        this.#cancel = clock.schedule(call.since - before, this.#look);
        return;
      }
      this.end(call);
      giveUp(call);
    }
  };
}
