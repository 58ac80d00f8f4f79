import type { Cancel, Clock } from "@waybill/core/transport";

/** A wait before a lane is read; it can be cancelled. */
export class CoolDown {
  /** Whether earlier messages of the lane may be in flight elsewhere. */
  readonly isNeeded: boolean;
  /** Resolves at its end: true if the lane may be read, false if it was cancelled. */
  readonly over: Promise<boolean>;
  #resolve: (mayRead: boolean) => void = () => undefined;
  #isOver = false;
  #cancel: Cancel | undefined = undefined;

  constructor({ isNeeded }: { readonly isNeeded: boolean }) {
    this.isNeeded = isNeeded;
    this.over = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** Starts the wait, unless it is over already. */
  start(ms: number, clock: Clock): void {
    if (!this.#isOver) this.#cancel = clock.schedule(ms, () => this.#end(true));
  }

  /** Ends it at once; the lane may be read. */
  skip(): void {
    this.#end(true);
  }

  cancel(): void {
    this.#end(false);
  }

  #end(mayRead: boolean): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#resolve(mayRead);
  }
}
