import type { HistoryEvent } from "../history/history-event.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { storyOf } from "../story/story.ts";
import { timelineOf, type TimelineEntry } from "../story/timeline.ts";
import { show } from "../text/show.ts";
import type { Violation } from "./violation.ts";

/** What a simulation found, in its shortest form. Plain data but for `input` and `violation.cause`. */
export interface Failure {
  readonly violation: Violation;
  readonly profile: string;
  /** With `path`: replays exactly this run. */
  readonly seed: number;
  readonly path: string;
  readonly input: unknown;
  readonly schedule: Schedule;
  readonly steps: number;
  /** Everything that happened, as data. */
  readonly timeline: readonly TimelineEntry[];
  /** What happened, for people: one line each. */
  readonly story: readonly string[];
}

/** A failure is told to the test runner by throwing this: its message is the story. */
export class SimulationFailure extends Error {
  override readonly name: string = "SimulationFailure";
  readonly failure: Failure;

  /** @param remark a further line for people */
  constructor(failure: Failure, remark?: string) {
    super(
      remark === undefined ? textOf(failure) : `${textOf(failure)}\n${remark}`,
      failure.violation.cause === undefined ? undefined : { cause: failure.violation.cause },
    );
    this.failure = failure;
  }
}

interface Found {
  readonly violation: Violation;
  readonly outcome: { readonly history: readonly HistoryEvent[]; readonly steps: number };
  readonly seed: number;
  readonly path: string;
  readonly input: unknown;
  readonly schedule: Schedule;
  readonly profile: string;
}

export function failureOf({ outcome, ...found }: Found): Failure {
  const timeline = timelineOf(outcome.history);
  return { ...found, steps: outcome.steps, timeline, story: storyOf(timeline) };
}

function textOf({ violation, profile, seed, path, input, story }: Failure): string {
  const given = input === undefined ? [] : [`input: ${show(input)}`];
  return [
    `${violation.name}: ${violation.what}`,
    "",
    ...story.map((line) => `  ${line}`),
    "",
    ...given,
    `profile: ${profile}; replay it with { seed: ${seed}, path: ${JSON.stringify(path)} }`,
  ].join("\n");
}
