import { MessagingError } from "@waybill/core/transport";
import { checkOptions, type OptionKinds } from "@waybill/core/transport-kit";
import type { Arbitrary } from "fast-check";
import { FAULTS, type FaultName } from "../faults/fault-name.ts";
import type { PlatformRule } from "../platform/platform-port.ts";
import type { Property } from "../properties/property.ts";
import { everyCommandHandled, noDeadLetters, repliesCorrelate } from "../properties/properties.ts";
import type { FaultWeights } from "../schedule/schedule-arbitrary.ts";
import { profileOf, type Profile, type ProfileName } from "../world/profile.ts";

export interface SimulateOptions<Input = undefined> {
  /** The input of an application besides its world, such as the actions of its clients. It shrinks with the schedule. */
  readonly input?: Arbitrary<Input>;
  /** The modelled broker. Default `strictest`: a property that holds there holds on every broker. */
  readonly profile?: ProfileName;
  /** The number of schedules. Default 1,000. */
  readonly runs?: number;
  /** Ends the simulation after this many seconds of real time. Default: no limit. */
  readonly seconds?: number;
  /** The seed of all random choices, a whole number. Default: a random one; a failure prints it. */
  readonly seed?: number;
  /** Replays one schedule: the path that a failure has printed, together with its seed. */
  readonly path?: string;
  /** The faults that may be injected. Default: all faults of the profile. */
  readonly faults?: readonly FaultName[];
  /** The greatest number of faults in one run. Default 3. */
  readonly mostFaults?: number;
  /** The properties that must hold besides those of the application. Default: {@link everyCommandHandled}, {@link noDeadLetters}, {@link repliesCorrelate}. */
  readonly properties?: readonly Property[];
  /** The greatest number of steps until a run must end. Default 10,000. */
  readonly mostSteps?: number;
  /**
   * The rule for application code that uses the platform's time, timers or random numbers instead of the world's: `fail`
   * (default) makes it a violation, `patch` replaces them by the world's, `off` leaves them alone.
   */
  readonly platform?: PlatformRule;
  /**
   * The HTML file, such as `simulation.html`, that `simulate` writes for a failure, with one lane for each instance and a JSON
   * file beside it. Default: no file.
   */
  readonly page?: string;
  /**
   * The number of threads that share the work. More than one needs an application given as the URL of a module, which every
   * thread loads: it exports `app`, and optionally `input` and `properties`. Default 1: this thread.
   */
  readonly workers?: number;
  /** The arguments of Node for these threads, such as `["--import", "tsx"]`. Default: those of this process. */
  readonly execArgv?: readonly string[];
  /** The number of seconds without a step after which the simulator reports that code blocks its thread. Default 10. */
  readonly blockedAfterSeconds?: number;
  /** Called after every 250 schedules. */
  readonly progress?: (progress: Progress) => void;
}

/** The progress of a simulation. */
export interface Progress {
  readonly runs: number;
  readonly steps: number;
  readonly seconds: number;
}

/** The checked options with their defaults. */
export interface SimulateSettings {
  readonly profile: Profile;
  readonly weights: FaultWeights;
  readonly mostFaults: number;
  readonly properties: readonly Property[];
  readonly mostSteps: number;
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number | undefined;
  readonly path: string | undefined;
  readonly platform: PlatformRule;
  readonly progress: (progress: Progress) => void;
  readonly workers: number;
  readonly blockedAfterMs: number;
}

/** `any` has a check of its own, which names the value. */
const KINDS: OptionKinds<SimulateOptions> = {
  input: "any",
  profile: "any",
  runs: "any",
  seconds: "any",
  seed: "any",
  path: "any",
  faults: "list",
  mostFaults: "any",
  properties: "list",
  mostSteps: "any",
  platform: "any",
  page: "text",
  workers: "any",
  execArgv: "list",
  blockedAfterSeconds: "any",
  progress: "function",
};

/**
 * Checks the options and adds the defaults.
 * @throws MessagingError `invalid-option`
 */
export function settingsOf<Input>(given: SimulateOptions<Input>): SimulateSettings {
  const options = checkOptions<SimulateOptions<Input>>("simulate", given, KINDS);
  const profile = profileOf(options.profile ?? "strictest");
  const { seed, path, seconds = Number.POSITIVE_INFINITY, platform = "fail" } = options;
  if (path !== undefined && seed === undefined)
    throw invalid("The option path needs the option seed.", "Give both, as the failure printed them.");
  const blockedAfter = options.blockedAfterSeconds ?? 10;
  if (!(blockedAfter > 0)) throw invalid(`blockedAfterSeconds is ${blockedAfter}.`, "Give a number above 0.");
  if (!(seconds > 0)) throw invalid(`seconds is ${seconds}.`, "Give a number above 0.");
  if (seed !== undefined && !Number.isInteger(seed))
    throw invalid(`seed is ${seed}.`, "Give a whole number.");
  if (!["fail", "patch", "off"].includes(platform))
    throw invalid(`platform is ${JSON.stringify(platform)}.`, "Give 'fail', 'patch' or 'off'.");
  return {
    profile,
    weights: options.faults === undefined ? profile.faults : weightsOf(profile, options.faults),
    mostFaults: count("mostFaults", options.mostFaults ?? 3, 0),
    properties: options.properties ?? [everyCommandHandled(), noDeadLetters(), repliesCorrelate()],
    mostSteps: count("mostSteps", options.mostSteps ?? 10_000, 1),
    runs: count("runs", options.runs ?? 1_000, 1),
    seconds,
    seed,
    path: path === undefined ? undefined : parsePath(path),
    platform,
    progress: options.progress ?? (() => undefined),
    workers: count("workers", options.workers ?? 1, 1),
    blockedAfterMs: blockedAfter * 1_000,
  };
}

/** The version of the schedule generator: another version generates other schedules from the same seed. */
export const VERSION = "v1";

/** Returns a path as a failure prints it: with the version of the generator in front. */
export function printPath(path: string): string {
  return `${VERSION}:${path}`;
}

function parsePath(printed: string): string {
  const [, version, path] = /^(v\d+):(\d+(?::\d+)*)$/.exec(printed) ?? [];
  if (path === undefined)
    throw invalid(
      `${JSON.stringify(printed)} is not a path of a simulation.`,
      `Give the path that a failure printed, such as "${VERSION}:12:0:3".`,
    );
  if (version !== VERSION)
    throw invalid(
      `The path ${printed} comes from a version of @waybill/testing with other schedules.`,
      "Run the simulation again without seed and path.",
    );
  return path;
}

function weightsOf(profile: Profile, names: readonly FaultName[]): FaultWeights {
  const weights: Partial<Record<FaultName, number>> = {};
  for (const name of names) {
    if (!Object.hasOwn(FAULTS, name))
      throw invalid(
        `Unknown fault ${JSON.stringify(name)}.`,
        `Known faults: ${Object.keys(FAULTS).join(", ")}.`,
      );
    const weight = profile.faults[name];
    if (weight === undefined)
      throw invalid(
        `The profile ${profile.name} does not have the fault ${name}.`,
        `Remove it, or use a profile that has it. Faults of ${profile.name}: ${Object.keys(profile.faults).join(", ")}.`,
      );
    weights[name] = weight;
  }
  return weights;
}

function count(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw invalid(`${option} is ${String(value)}.`, `Give a whole number from ${least}.`);
}

function invalid(what: string, advice: string): MessagingError {
  return new MessagingError("invalid-option", { what, advice });
}
