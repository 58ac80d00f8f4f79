import { InFlightList, type Linked } from "../../transport-kit/deliver/in-flight-list.ts";
import type { Cancel, Clock } from "../../environment/clock.ts";

/** One call of the transport that has not answered yet. */
export interface InFlightCall {
  /** When the call began, in milliseconds since the Unix epoch. */
  readonly since: number;
  isOver: boolean;
  before: InFlightCall | undefined;
  after: InFlightCall | undefined;
}

export interface InFlightOptions<Call extends InFlightCall & Linked<Call>> {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Called for a call that had no answer within `timeoutMs`; the call is over then. */
  readonly giveUp: (call: Call) => void;
}

/** The calls of a transport that have not answered yet, each with a deadline. One timer serves all of them. */
export class InFlight<Call extends InFlightCall & Linked<Call>> {
  readonly #options: InFlightOptions<Call>;
  readonly #calls = new InFlightList<Call>();
  #cancel: Cancel | undefined = undefined;

  constructor(options: InFlightOptions<Call>) {
    this.#options = options;
  }

  begin(call: Call): void {
    this.#calls.add(call);
    this.#cancel ??= this.#options.clock.schedule(this.#options.timeoutMs, this.#giveUpOverdue);
  }

  /** Ends a call. Returns false when it was given up before. */
  end(call: Call): boolean {
    if (call.isOver) return false;
    call.isOver = true;
    this.#calls.remove(call);
    return true;
  }

  /** Cancels the timer, and starts no new one. */
  close(): void {
    this.#cancel?.();
    this.#cancel = () => undefined;
  }

  readonly #giveUpOverdue = (): void => {
    const { clock, timeoutMs, giveUp } = this.#options;
    this.#cancel = undefined;
    const before = clock.now() - timeoutMs;
    for (let call = this.#calls.first; call !== undefined; call = this.#calls.first) {
      if (call.since > before) {
        this.#cancel = clock.schedule(call.since - before, this.#giveUpOverdue);
        return;
      }
      this.end(call);
      giveUp(call);
    }
  };
}
