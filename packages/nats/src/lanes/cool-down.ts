import type { Cancel, Clock } from "@waybill/core/transport";

/** A time to wait that can be called off. */
export class CoolDown {
  /** Whether something may be out that must come first. */
  readonly isNeeded: boolean;
  /** Whether it lasted as long as it had to. */
  readonly over: Promise<boolean>;
  #resolve: (isRested: boolean) => void = () => undefined;
  #isOver = false;
  #cancel: Cancel | undefined = undefined;

  constructor({ isNeeded }: { readonly isNeeded: boolean }) {
    this.isNeeded = isNeeded;
    this.over = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** How long, where it is not over by now. */
  last(ms: number, clock: Clock): void {
    if (!this.#isOver) this.#cancel = clock.schedule(ms, () => this.#end(true));
  }

  /** There is nothing to wait for. */
  skip(): void {
    this.#end(true);
  }

  callOff(): void {
    this.#end(false);
  }

  #end(isRested: boolean): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#resolve(isRested);
  }
}
