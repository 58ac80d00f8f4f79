import type { HistoryEvent, EventKind } from "../history/history-event.ts";
import { show } from "../text/show.ts";
import { dataOf, Labels } from "./labels.ts";

/** One event of a run with its text in the story. Plain data for `JSON.stringify`. */
export interface TimelineEntry {
  readonly step: number;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  readonly who: string;
  readonly what: EventKind;
  /** The short name of the message, such as `shop.place-order #2`; equal for every copy and attempt. */
  readonly message: string | undefined;
  readonly service: string | undefined;
  /** The text in the story. */
  readonly text: string;
}

/** Returns all events of a run, in order. */
export function timelineOf(history: readonly HistoryEvent[]): readonly TimelineEntry[] {
  const labels = new Labels();
  return history.map((event) => {
    const { step, at, who, what, message, service } = event;
    const label = message && labels.of(message);
    return { step, at, who, what, message: label, service, text: textOf(event, label ?? "") };
  });
}

function textOf(event: HistoryEvent, label: string): string {
  const { what, message, note = "", key = "", attempt } = event;
  switch (what) {
    case "acts":
      return `does ${note}`;
    case "act failed":
      return `fails in ${note}`;
    case "stored":
      return `${verbOf(event)} ${label} ${message === undefined ? "" : show(dataOf(message))}${why(note)}`;
    case "not stored":
      return `cannot send ${label}${why(note)}`;
    case "receives":
      return `receives ${label}${event.service === undefined ? "" : ` for ${event.service}`}${attempt === 1 ? "" : `, attempt ${attempt ?? "?"}`}`;
    case "answers":
      return `${answerOf(event)} ${label}${note === "" ? "" : `, next attempt ${note}`}`;
    case "settled":
      return `settles ${label}`;
    case "settlement ignored":
      return `settles ${label} too late: the broker has taken it back`;
    case "calls":
      return `calls ${note}`;
    case "effect":
      return `EFFECT ${note} ${key}`;
    case "receives the reply":
      return `receives the reply ${label}`;
    case "fault":
      return `FAULT ${note}${label === "" ? "" : ` (${label})`}`;
    case "starts":
      return "starts again";
    case "notes":
      return note;
  }
}

function verbOf({ message }: HistoryEvent): string {
  switch (message?.destination.kind) {
    case "topic":
    case "group":
      return "publishes";
    case "reply":
      return "replies";
    case "queue":
    case undefined:
      return "sends";
  }
}

function answerOf({ settlement }: HistoryEvent): string {
  switch (settlement) {
    case "ack":
      return "has handled";
    case "retry":
      return "fails to handle";
    case "dead-letter":
      return "dead-letters";
    case "release":
    case undefined:
      return "releases";
  }
}

function why(note: string): string {
  return note === "" ? "" : `: ${note}`;
}
