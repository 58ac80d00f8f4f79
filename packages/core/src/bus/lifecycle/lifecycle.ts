import { notRunning } from "./phase-errors.ts";
import type { Phase } from "./phase.ts";

/** What may follow what; everything else is a mistake of ours. */
const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  created: ["starting", "stopped"],
  starting: ["running", "stopping", "failed"],
  running: ["stopping"],
  stopping: ["stopped"],
  stopped: [],
  failed: [],
};

/** The life of a bus as a state machine. */
export class Lifecycle {
  #phase: Phase = "created";
  #failure: string | undefined = undefined;
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether it is stopping, stopped or has failed. */
  get isEnding(): boolean {
    return this.#phase === "stopping" || this.#phase === "stopped" || this.#phase === "failed";
  }

  /** Why it failed, once it has. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** @throws TypeError for a step that the machine does not have */
  become(phase: Phase): void {
    if (!NEXT[this.#phase].includes(phase))
      throw new TypeError(`a ${this.#phase} bus cannot become ${phase}`);
    this.#phase = phase;
    this.#onChange();
  }

  fail(why: string): void {
    this.#failure = why;
    this.become("failed");
  }

  /**
   * Whether a message may be sent: a stopping bus still takes what its running handlers send.
   * @throws MessagingError `bus-not-started`, `bus-stopped`
   */
  admit(isFromHandler: boolean): void {
    if (this.#phase === "running" || (this.#phase === "stopping" && isFromHandler)) return;
    throw notRunning(this.#phase, this.#failure);
  }
}
