import { asyncProperty, check, constant, type Arbitrary } from "fast-check";
import { watchIo } from "../platform/watch-io.ts";
import { ScheduleArbitrary } from "../schedule/schedule-arbitrary.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { beginRun } from "../watchdog/heartbeat.ts";
import type { App } from "../world/app.ts";
import type { World } from "../world/world.ts";
import type { Chunk, ChunkReport } from "./chunk.ts";
import { failureOf, type Failure } from "./failure.ts";
import { divergence } from "./divergence.ts";
import { printPath, type SimulateSettings } from "./options.ts";
import { runSchedule, type Outcome } from "./run-schedule.ts";
import type { Violation } from "./violation.ts";

/** Makes the application of one run. State that it shares with another run makes runs impossible to replay. */
export type MakeApp<Input> = (world: World, input: Input) => App;

/** The greatest number of runs for shrinking. */
const MOST_SHRINKS = 3_000;

/** Runs the schedules of chunks, one chunk after the other, and shrinks the first schedule that violates a property. */
export class Explorer<Input> {
  readonly #makeApp: MakeApp<Input>;
  readonly #input: Arbitrary<Input>;
  readonly #settings: SimulateSettings;
  readonly #schedules: ScheduleArbitrary;
  #isFirst = true;

  constructor(makeApp: MakeApp<Input>, input: Arbitrary<Input> | undefined, settings: SimulateSettings) {
    this.#makeApp = makeApp;
    this.#input = input ?? (constant(undefined) as unknown as Arbitrary<Input>);
    this.#settings = settings;
    this.#schedules = new ScheduleArbitrary(settings);
  }

  /**
   * Runs the schedules of one chunk.
   * @throws the error of an application that does not start
   */
  async explore({ seed, runs, path }: Chunk): Promise<ChunkReport> {
    const search = new Search();
    const property = asyncProperty(this.#input, this.#schedules, (input, schedule) => {
      beginRun(seed, search.runs);
      return this.#holds(search, input, schedule);
    });
    const replay = path === undefined ? {} : { path, endOnFailure: true };
    search.mostRuns = path === undefined ? runs : 1;
    const result = await check(property, { seed, numRuns: runs, ...replay });
    if (search.thrown !== undefined) throw search.thrown.cause;
    const { steps } = search;
    if (!result.failed || result.counterexample === null)
      return { runs: search.runs, steps, failure: undefined };
    const [input, schedule] = result.counterexample;
    const failure = await this.#reproduce({
      seed,
      path: path ?? result.counterexamplePath ?? "0",
      input,
      schedule,
    });
    return { runs: search.runs, steps, failure };
  }

  /**
   * Returns whether a run violates no property. While the schedule shrinks, returns whether the run does not violate
   * the property found first.
   */
  async #holds(search: Search, input: Input, schedule: Schedule): Promise<boolean> {
    if (search.isOver) return true;
    try {
      const { violation, steps } = await this.#run(input, schedule);
      if (search.broken !== undefined) {
        search.shrinks += 1;
        return violation?.name !== search.broken;
      }
      search.runs += 1;
      search.steps += steps;
      search.broken = violation?.name ?? (await this.#checkRepeatable(input, schedule));
      return search.broken === undefined;
    } catch (cause) {
      search.thrown = { cause };
      return false;
    }
  }

  /**
   * Runs the first schedule twice and compares the runs, because a run that differs cannot be replayed. Returns the
   * name of the violated property; undefined if both runs are equal and violate none.
   */
  async #checkRepeatable(input: Input, schedule: Schedule): Promise<string | undefined> {
    if (!this.#isFirst) return undefined;
    this.#isFirst = false;
    const [first, second] = [await this.#watched(input, schedule), await this.#run(input, schedule)];
    if (first.violation !== undefined) return first.violation.name;
    return divergence(first, second) === undefined ? undefined : REPEATABLE;
  }

  #run(input: Input, schedule: Schedule): Promise<Outcome> {
    return runSchedule((world) => this.#makeApp(world, input), schedule, this.#settings);
  }

  /** Runs a schedule and reports real input and output too. */
  async #watched(input: Input, schedule: Schedule): Promise<Outcome> {
    const stop = this.#settings.platform === "off" ? () => undefined : watchIo();
    try {
      return await this.#run(input, schedule);
    } finally {
      stop();
    }
  }

  /** Runs the shrunk schedule again, twice, and returns its failure. */
  async #reproduce(found: {
    seed: number;
    path: string;
    input: Input;
    schedule: Schedule;
  }): Promise<Failure> {
    const { seed, input, schedule } = found;
    const [first, second] = [await this.#watched(input, schedule), await this.#watched(input, schedule)];
    const difference = divergence(first, second);
    const violation = (difference === undefined ? first.violation : undefined) ?? unrepeatable(difference);
    const path = printPath(found.path);
    const profile = this.#settings.profile.name;
    return failureOf({ violation, outcome: first, seed, path, input, schedule, profile });
  }
}

/** The state of the search through one chunk. */
class Search {
  runs = 0;
  steps = 0;
  mostRuns = Number.POSITIVE_INFINITY;
  shrinks = 0;
  /** The name of the first violated property: shrinking must not change to another one. */
  broken: string | undefined = undefined;
  /** An error that is no violation, such as that of an application that does not start. */
  thrown: { readonly cause: unknown } | undefined = undefined;

  get isOver(): boolean {
    const isReplayed = this.broken === undefined && this.runs >= this.mostRuns;
    return this.thrown !== undefined || this.shrinks > MOST_SHRINKS || isReplayed;
  }
}

const REPEATABLE = "runs are repeatable";

function unrepeatable(difference = "the first run failed, the second did not"): Violation {
  return {
    name: REPEATABLE,
    what: `the same schedule gave two different runs: ${difference}; the runs share state, or the application uses time or random numbers that are not those of the world`,
    cause: undefined,
  };
}
