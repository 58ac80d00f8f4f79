import { MessagingError } from "../../environment/messaging-error.ts";

/** The phase of a bus, from its creation to its end. */
export type Phase = "created" | "starting" | "running" | "stopping" | "stopped" | "failed";

/** The phases that may follow each phase. */
const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  created: ["starting", "stopped"],
  starting: ["running", "stopping", "failed"],
  running: ["stopping"],
  stopping: ["stopped"],
  stopped: [],
  failed: [],
};

/** The state machine of a bus's phases. */
export class Lifecycle {
  #phase: Phase = "created";
  #failure: string | undefined = undefined;
  readonly #onChange: () => void;

  /** @param onChange called after each change of phase */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether the bus is stopping, has stopped or has failed. */
  get isEnding(): boolean {
    return this.#phase === "stopping" || this.#phase === "stopped" || this.#phase === "failed";
  }

  /** The reason of a failed start. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Enters a phase. @throws TypeError when that phase may not follow the present one: a bug of ours */
  become(phase: Phase): void {
    if (!NEXT[this.#phase].includes(phase))
      throw new TypeError(`a bus that is ${this.#phase} cannot become ${phase}`);
    this.#phase = phase;
    this.#onChange();
  }

  /** Enters the phase `failed`. */
  fail(reason: string): void {
    this.#failure = reason;
    this.become("failed");
  }

  /**
   * Returns when a message may be sent. A stopping bus still accepts the messages of its running handlers.
   * @throws MessagingError `bus-not-started`, `bus-stopped`
   */
  admit(isFromHandler: boolean): void {
    if (this.#phase === "running" || (this.#phase === "stopping" && isFromHandler)) return;
    throw notRunning(this.#phase, this.#failure);
  }
}

function notRunning(phase: Phase, failure: string | undefined): MessagingError {
  if (phase === "created" || phase === "starting")
    return new MessagingError("bus-not-started", {
      what: "A message was sent before the bus had started.",
      advice: "Await bus.start() first; nothing was sent.",
    });
  return busStopped(
    phase === "failed"
      ? `The bus failed to start: ${failure ?? "see the error of start"}.`
      : "The bus is stopping or stopped.",
  );
}

/** Returns the error of a call that a stopped bus cannot carry out. */
export function busStopped(what: string): MessagingError {
  return new MessagingError("bus-stopped", { what, advice: "Create a new bus; nothing was sent." });
}

/** Returns the error of a second call of `start`. */
export function alreadyStarted(phase: Phase): MessagingError {
  return new MessagingError("bus-already-started", {
    what: `start was called on a bus that is ${phase}.`,
    advice: "Start a bus once; to start again, create a new bus.",
  });
}
