import { sleep } from "@waybill/core/transport-kit";
import type { Pace, World } from "../harness.ts";
import { BrokenPromise } from "./observe/claim.ts";

/** How often promises are let settle before time is moved for them: I/O of a fast broker needs a few turns. */
const TURNS = 3;

/** Waiting in a world whose time only passes when asked to. Waits may overlap: they share the steps. */
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

  /** The latest that anything may take. */
  deadline(): number {
    return this.now() + this.#pace.patienceMs;
  }

  settle(): Promise<void> {
    return this.#world.settle();
  }

  /** For handlers that take their time: waits until the scenario has let so much pass. */
  sleep(ms: number): Promise<void> {
    return sleep(this.#world.environment.clock, ms);
  }

  /** For the scenario itself: lets exactly so much time pass, after what is passing already. */
  async elapse(ms: number): Promise<void> {
    while (this.#passing !== undefined) await this.#passing;
    await this.#pass(ms);
  }

  /** Watches for a while: for what must not happen. */
  quiet(): Promise<void> {
    return this.elapse(this.#pace.quietMs);
  }

  /**
   * Waits until a condition holds.
   * @throws BrokenPromise when it still does not after the pace's patience, with what was seen instead.
   */
  async eventually(condition: () => boolean, seen: () => string): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) {
      if (condition()) return;
      await this.settle();
    }
    const last = this.deadline();
    for (let step = this.#pace.stepMs; !condition(); step = Math.min(step * 1.5, this.#pace.stepMs * 10)) {
      if (this.now() >= last) {
        throw new BrokenPromise(`After ${this.#pace.patienceMs} ms of waiting: ${seen()}`);
      }
      await this.#pass(Math.ceil(step));
    }
  }

  /** Waits for a promise while letting time pass: what is awaited may itself wait for the clock. */
  async finish<T>(what: string, pending: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = (): void => void (isSettled = true);
    pending.then(note, note);
    await this.eventually(
      () => isSettled,
      () => `${what} neither succeeded nor failed.`,
    );
    return pending;
  }

  #pass(ms: number): Promise<void> {
    this.#passing ??= this.#world.elapse(ms).finally(() => (this.#passing = undefined));
    return this.#passing;
  }
}
