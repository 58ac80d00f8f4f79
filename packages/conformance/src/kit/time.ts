import { sleep } from "@waybill/core/transport-kit";
import type { Pace, World } from "../harness.ts";
import { BrokenPromise } from "./observe/assert.ts";

/** The number of event-loop turns before a wait lets time pass: the I/O of a fast broker needs a few. */
const TURNS = 3;

/** The waits of a scenario, in a world whose time passes only on request. Overlapping waits share their steps. */
export class Time {
  readonly #world: World;
  readonly #pace: Pace;
  #passing: Promise<void> | undefined;

  constructor(world: World, pace: Pace) {
    this.#world = world;
    this.#pace = pace;
  }

  now(): number {
    return this.#world.environment.clock.now();
  }

  /** Returns the time at which a wait that begins now gives up: after `patienceMs`. */
  deadline(): number {
    return this.now() + this.#pace.patienceMs;
  }

  settle(): Promise<void> {
    return this.#world.settle();
  }

  /** Resolves after this time. For handlers; a scenario itself calls {@link Time.elapse}. */
  sleep(ms: number): Promise<void> {
    return sleep(this.#world.environment.clock, ms);
  }

  /** Lets exactly this much time pass, after any step that is already running. For the scenario itself. */
  async elapse(ms: number): Promise<void> {
    while (this.#passing !== undefined) await this.#passing;
    await this.#pass(ms);
  }

  /** Lets the pace's quiet time pass, to watch for an event that must not happen. */
  quiet(): Promise<void> {
    return this.elapse(this.#pace.quietMs);
  }

  /**
   * Waits until a condition holds.
   * @throws BrokenPromise with the observation after `patienceMs`
   */
  async eventually(condition: () => boolean, seen: () => string): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      if (condition()) return;
      await this.settle();
    }
    const last = this.deadline();
    for (let step = this.#pace.stepMs; !condition(); step = Math.min(step * 1.5, this.#pace.stepMs * 10)) {
      if (this.now() >= last) {
        throw new BrokenPromise(`After a wait of ${this.#pace.patienceMs} ms: ${seen()}`);
      }
      await this.#pass(Math.ceil(step));
    }
  }

  /** Waits for a promise and lets time pass meanwhile, because the promise may wait for the clock. */
  async finish<T>(what: string, pending: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = (): void => void (isSettled = true);
    pending.then(note, note);
    await this.eventually(
      () => isSettled,
      () => `${what} did not end.`,
    );
    return pending;
  }

  #pass(ms: number): Promise<void> {
    this.#passing ??= this.#world.elapse(ms).finally(() => (this.#passing = undefined));
    return this.#passing;
  }
}
