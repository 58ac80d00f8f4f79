import type { HistoryEvent } from "../history/history-event.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { storyOf } from "../story/story.ts";
import { timelineOf, type TimelineEntry } from "../story/timeline.ts";
import { show } from "../text/show.ts";
import type { Violation } from "./violation.ts";

/** The shortest failing run that a simulation found. Plain data except `input` and `violation.cause`. */
export interface Failure {
  readonly violation: Violation;
  readonly profile: string;
  /** Replays exactly this run, together with `path`. */
  readonly seed: number;
  readonly path: string;
  readonly input: unknown;
  readonly schedule: Schedule;
  readonly steps: number;
  /** All events of the run, as data. */
  readonly timeline: readonly TimelineEntry[];
  /** The run as text for people: one line for each event. */
  readonly story: readonly string[];
}

/** The error that `simulate` throws for a failure. Its message contains the story. */
export class SimulationFailure extends Error {
  override readonly name: string = "SimulationFailure";
  readonly failure: Failure;

  /** @param remark a further line for the message */
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
    `profile: ${profile}; replay this run with { seed: ${seed}, path: ${JSON.stringify(path)} }`,
  ].join("\n");
}
