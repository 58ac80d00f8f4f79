import type { Cancel, Clock } from "@waybill/core/transport";
import type { PublishWindows } from "./publish-window.ts";

/** The time between two progress checks. A window that had no confirm in between is slow. */
const PERIOD_MS = 5_000;

export interface ProgressCheckOptions {
  readonly clock: Clock;
  readonly windows: PublishWindows;
  /** Called when the messages of one queue may keep RabbitMQ from reading those of another. */
  readonly onStuck: () => void;
  /** Called when a window became slow, which frees capacity for the others. */
  readonly onSlow: () => void;
}

/** Checks every five seconds, while messages are in flight, which queues and exchanges confirm nothing. */
export class ProgressCheck {
  readonly #options: ProgressCheckOptions;
  #cancel: Cancel | undefined = undefined;
  #isEnded = false;

  constructor(options: ProgressCheckOptions) {
    this.#options = options;
  }

  /** Starts the timer unless it runs. */
  schedule(): void {
    if (this.#cancel !== undefined || this.#isEnded) return;
    this.#cancel = this.#options.clock.schedule(PERIOD_MS, () => {
      this.#cancel = undefined;
      this.#check();
    });
  }

  /** Leaves no timer. */
  end(): void {
    this.#isEnded = true;
    this.#cancel?.();
  }

  #check(): void {
    const { windows, onStuck, onSlow } = this.#options;
    const progress = windows.checkProgress();
    if (progress === "idle") return;
    this.schedule();
    if (progress === "stuck") onStuck();
    else if (progress === "slow") onSlow();
  }
}
