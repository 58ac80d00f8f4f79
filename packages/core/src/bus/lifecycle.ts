/** Where a bus is in its life. */
export type Phase = "created" | "starting" | "running" | "stopping" | "stopped" | "failed";

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
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** @throws TypeError for a step that the machine does not have */
  become(phase: Phase): void {
    if (!NEXT[this.#phase].includes(phase))
      throw new TypeError(`a ${this.#phase} bus cannot become ${phase}`);
    this.#phase = phase;
    this.#onChange();
  }
}
