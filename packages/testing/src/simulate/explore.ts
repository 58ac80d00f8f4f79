import { asyncProperty, check, constant, type Arbitrary } from "fast-check";
import { systemGround } from "@waybill/core/transport";
import { watchIo } from "../platform/io-watch.ts";
import { patchPlatform } from "../platform/patches.ts";
import { ScheduleArbitrary } from "../schedule/schedule-arbitrary.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import { failureOf, type Failure } from "./failure.ts";
import { divergence } from "./fingerprint.ts";
import { printPath, settingsOf, type SimulateOptions, type SimulateSettings } from "./options.ts";
import { runSchedule, type Outcome } from "./run-schedule.ts";
import type { Violation } from "./violation.ts";

/** Makes the application of one run, from nothing: whatever it shares with another run makes runs irreproducible. */
export type MakeApp<Input> = (world: World, input: Input) => App;

/** How a simulation went. */
export interface Report {
  /** Schedules tried, before the shrinking. */
  readonly runs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly seed: number;
  /** The shortest schedule found that breaks something; nothing when nothing does. */
  readonly failure: Failure | undefined;
}

/** Schedules tried between two looks at the clock. */
const CHUNK = 250;
/** Runs that shrinking may take. */
const MOST_SHRINKS = 3_000;

/**
 * Runs an application under many schedules, as {@link simulate} does, and answers with what it found.
 * @throws MessagingError `invalid-option`, and whatever starting the application throws
 */
export async function explore<Input = undefined>(
  makeApp: MakeApp<Input>,
  options: SimulateOptions<Input> = {},
): Promise<Report> {
  const settings = settingsOf(options);
  const input = options.input ?? (constant(undefined) as unknown as Arbitrary<Input>);
  const restore = settings.platform === "off" ? () => undefined : patchPlatform();
  try {
    return await new Exploration(makeApp, input, settings).run();
  } finally {
    restore();
  }
}

class Exploration<Input> {
  readonly #makeApp: MakeApp<Input>;
  readonly #input: Arbitrary<Input>;
  readonly #settings: SimulateSettings;
  readonly #schedules: ScheduleArbitrary;
  readonly #seed: number;
  readonly #began: number = systemGround.clock.now();
  #runs = 0;
  #steps = 0;
  /** The name of the first violation: shrinking must not slip to another one. */
  #broken: string | undefined = undefined;
  #shrinks = 0;
  #trouble: { readonly cause: unknown } | undefined = undefined;

  constructor(makeApp: MakeApp<Input>, input: Arbitrary<Input>, settings: SimulateSettings) {
    this.#makeApp = makeApp;
    this.#input = input;
    this.#settings = settings;
    this.#schedules = new ScheduleArbitrary(settings);
    this.#seed = settings.seed ?? systemGround.random.uint32() | 0;
  }

  async run(): Promise<Report> {
    const { path, runs, seconds, progress } = this.#settings;
    if (path !== undefined) return this.#report(await this.#check({ seed: this.#seed, runs: 1, path }));
    for (let chunk = 0; this.#runs < runs && this.#seconds < seconds; chunk++) {
      const most = Math.min(CHUNK, runs - this.#runs);
      const failure = await this.#check({ seed: (this.#seed + chunk) | 0, runs: most, path: undefined });
      if (failure !== undefined) return this.#report(failure);
      progress({ runs: this.#runs, steps: this.#steps, seconds: this.#seconds });
    }
    return this.#report(undefined);
  }

  get #seconds(): number {
    return (systemGround.clock.now() - this.#began) / 1_000;
  }

  async #check({
    seed,
    runs,
    path,
  }: {
    seed: number;
    runs: number;
    path: string | undefined;
  }): Promise<Failure | undefined> {
    const property = asyncProperty(this.#input, this.#schedules, (input, schedule) =>
      this.#holds(input, schedule),
    );
    const result = await check(property, {
      seed,
      numRuns: runs,
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    });
    if (this.#trouble !== undefined) throw this.#trouble.cause;
    if (!result.failed || result.counterexample === null) return undefined;
    const [input, schedule] = result.counterexample;
    return this.#tell({ seed, path: path ?? result.counterexamplePath ?? "0", input, schedule });
  }

  /** Whether nothing is wrong with a run; while shrinking, whether what was wrong first is not. */
  async #holds(input: Input, schedule: Schedule): Promise<boolean> {
    if (this.#trouble !== undefined || this.#shrinks > MOST_SHRINKS) return true;
    if (this.#settings.path !== undefined && this.#runs > 0) return true; // a replay is one run
    try {
      const { violation, steps } = await this.#play(input, schedule);
      if (this.#broken === undefined) {
        this.#runs += 1;
        this.#steps += steps;
        if (violation === undefined) return this.#runs > 1 || (await this.#isRepeatable(input, schedule));
        this.#broken = violation.name;
        return false;
      }
      this.#shrinks += 1;
      return violation?.name !== this.#broken;
    } catch (cause) {
      this.#trouble = { cause };
      return false;
    }
  }

  /** The first schedule runs twice: an application that does not repeat itself cannot be replayed. */
  async #isRepeatable(input: Input, schedule: Schedule): Promise<boolean> {
    const [first, second] = [await this.#watched(input, schedule), await this.#play(input, schedule)];
    if (first.violation !== undefined) {
      this.#broken = first.violation.name;
      return false;
    }
    if (divergence(first, second) === undefined) return true;
    this.#broken = REPEATABLE;
    return false;
  }

  #play(input: Input, schedule: Schedule): Promise<Outcome> {
    return runSchedule((world) => this.#makeApp(world, input), schedule, this.#settings);
  }

  /** A run whose input and output is watched too. */
  async #watched(input: Input, schedule: Schedule): Promise<Outcome> {
    const stop = this.#settings.platform === "off" ? () => undefined : watchIo();
    try {
      return await this.#play(input, schedule);
    } finally {
      stop();
    }
  }

  async #tell(found: { seed: number; path: string; input: Input; schedule: Schedule }): Promise<Failure> {
    const { seed, input, schedule } = found;
    const [first, second] = [await this.#watched(input, schedule), await this.#watched(input, schedule)];
    const parting = divergence(first, second);
    const violation = (parting === undefined ? first.violation : undefined) ?? unrepeatable(parting);
    const path = printPath(found.path);
    return failureOf({
      violation,
      outcome: first,
      seed,
      path,
      input,
      schedule,
      profile: this.#settings.profile.name,
    });
  }

  #report(failure: Failure | undefined): Report {
    return { runs: this.#runs, steps: this.#steps, seconds: this.#seconds, seed: this.#seed, failure };
  }
}

const REPEATABLE = "runs are repeatable";

function unrepeatable(parting = "it failed, and did not when it ran again"): Violation {
  return {
    name: REPEATABLE,
    what: `the same schedule gave two different runs: ${parting}; something is shared between runs, or not taken from the world`,
    cause: undefined,
  };
}
