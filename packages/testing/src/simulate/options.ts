import { MessagingError } from "@waybill/core/transport";
import type { Arbitrary } from "fast-check";
import { FAULTS, type FaultName } from "../faults/fault-name.ts";
import type { PlatformRule } from "../platform/platform-port.ts";
import type { Property } from "../properties/property.ts";
import { everyCommandHandled, noDeadLetters, repliesCorrelate } from "../properties/properties.ts";
import type { FaultWeights } from "../schedule/schedule-arbitrary.ts";
import { profileOf, type Profile, type ProfileName } from "../world/profile.ts";

export interface SimulateOptions<Input = undefined> {
  /** What an application is given besides its world, such as what its clients do. Shrinks with the schedule. */
  readonly input?: Arbitrary<Input>;
  /** Which broker is modelled. Default `strictest`: what holds there holds on all. */
  readonly profile?: ProfileName;
  /** How many schedules are tried. Default 1,000. */
  readonly runs?: number;
  /** Ends earlier after this many seconds of real time. Default: no limit. */
  readonly seconds?: number;
  /** Where chance begins. Default: anywhere; a failure prints it. */
  readonly seed?: number;
  /** Replays one schedule: what a failure has printed, together with its seed. */
  readonly path?: string;
  /** Which faults may strike. Default: all that the profile has. */
  readonly faults?: readonly FaultName[];
  /** How many of them may strike in one run. Default 3. */
  readonly mostFaults?: number;
  /** What must hold besides what the application asks for. Default: every command is handled, no dead letters, replies correlate. */
  readonly properties?: readonly Property[];
  /** How many steps a run may take until it is at rest. Default 10,000. */
  readonly mostSteps?: number;
  /**
   * What is done about code of the application that asks the platform for time, timers or chance instead of the world:
   * `fail` (default) names it, `patch` gives it the world's, `off` lets it be.
   */
  readonly platform?: PlatformRule;
  /**
   * A file, such as `simulation.html`: where a failure that `simulate` finds is drawn, one lane for each instance, and
   * written as JSON beside it. Default: nowhere.
   */
  readonly page?: string;
  /**
   * How many threads share the work. Only for an application given as the URL of a module, which every thread loads:
   * it exports `app`, and `input` and `properties` where there are any. Default 1: this thread.
   */
  readonly workers?: number;
  /** Arguments of Node for these threads, such as `["--import", "tsx"]`. Default: those of this process. */
  readonly execArgv?: readonly string[];
  /** After how many seconds without a step it is said that some code blocks its thread. Default 10. */
  readonly blockedAfterSeconds?: number;
  /** Told after every 250 schedules how far it is. */
  readonly progress?: (progress: Progress) => void;
}

/** How far a simulation is. */
export interface Progress {
  readonly runs: number;
  readonly steps: number;
  readonly seconds: number;
}

/** Options, checked, with their defaults. */
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

/** @throws MessagingError `invalid-option` */
export function settingsOf<Input>(options: SimulateOptions<Input>): SimulateSettings {
  const profile = profileOf(options.profile ?? "strictest");
  const { seed, path, seconds = Number.POSITIVE_INFINITY, platform = "fail" } = options;
  if (path !== undefined && seed === undefined)
    throw invalid("A path is given without its seed.", "Give both, as the failure printed them.");
  const blockedAfter = options.blockedAfterSeconds ?? 10;
  if (!(blockedAfter > 0)) throw invalid(`blockedAfterSeconds is ${blockedAfter}.`, "Give a number above 0.");
  if (!(seconds > 0)) throw invalid(`seconds is ${seconds}.`, "Give a number above 0.");
  if (seed !== undefined && !Number.isInteger(seed))
    throw invalid(`seed is ${seed}.`, "Give a whole number.");
  if (!["fail", "patch", "off"].includes(platform))
    throw invalid(`platform is ${JSON.stringify(platform)}.`, "Say 'fail', 'patch' or 'off'.");
  return {
    profile,
    weights: options.faults === undefined ? profile.faults : weightsOf(profile, options.faults),
    mostFaults: count("mostFaults", options.mostFaults ?? 3, 0),
    properties: options.properties ?? [everyCommandHandled(), noDeadLetters(), repliesCorrelate()],
    mostSteps: count("mostSteps", options.mostSteps ?? 10_000, 1),
    runs: count("runs", options.runs ?? 1_000, 1),
    seconds,
    seed,
    path: path === undefined ? undefined : openPath(path),
    platform,
    progress: options.progress ?? (() => undefined),
    workers: count("workers", options.workers ?? 1, 1),
    blockedAfterMs: blockedAfter * 1_000,
  };
}

/** Of the schedules: another one means other schedules for the same seed. */
export const VERSION = "v1";

/** What is printed of a path. */
export function printPath(path: string): string {
  return `${VERSION}:${path}`;
}

function openPath(printed: string): string {
  const [, version, path] = /^(v\d+):(\d+(?::\d+)*)$/.exec(printed) ?? [];
  if (path === undefined)
    throw invalid(
      `The path ${JSON.stringify(printed)} is not one.`,
      `Give what a failure printed, such as "${VERSION}:12:0:3".`,
    );
  if (version !== VERSION)
    throw invalid(
      `The path ${printed} was printed by another version of @waybill/testing, whose schedules were others.`,
      "Simulate anew, without seed and path.",
    );
  return path;
}

function weightsOf(profile: Profile, names: readonly FaultName[]): FaultWeights {
  const weights: Partial<Record<FaultName, number>> = {};
  for (const name of names) {
    if (!Object.hasOwn(FAULTS, name))
      throw invalid(
        `There is no fault ${JSON.stringify(name)}.`,
        `There are ${Object.keys(FAULTS).join(", ")}.`,
      );
    const weight = profile.faults[name];
    if (weight === undefined)
      throw invalid(
        `The fault ${name} cannot happen with the profile ${profile.name}.`,
        `Leave it out, or take a profile that has it; this one has ${Object.keys(profile.faults).join(", ")}.`,
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
