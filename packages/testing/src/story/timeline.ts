import type { HistoryEvent, EventKind } from "../history/history-event.ts";
import { show } from "../text/show.ts";
import { dataOf, Labels } from "./labels.ts";

/** One line of the story of a run. Plain data: `JSON.stringify` writes it. */
export interface TimelineEntry {
  readonly step: number;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  readonly who: string;
  readonly what: EventKind;
  /** Such as `shop.place-order #2`: the same for every copy and every attempt. */
  readonly message: string | undefined;
  readonly service: string | undefined;
  /** The line in words. */
  readonly text: string;
}

/** The whole of a run, in the order in which it happened. */
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
    case "act ended":
    case "act failed":
      return `has failed at ${note}`;
    case "stored":
      return `${verbOf(event)} ${label} ${message === undefined ? "" : show(dataOf(message))}${why(note)}`;
    case "not stored":
      return `cannot send ${label}${why(note)}`;
    case "receives":
      return `receives ${label}${event.service === undefined ? "" : ` for ${event.service}`}${attempt === 1 ? "" : `, attempt ${attempt ?? "?"}`}`;
    case "answers":
      return `${answerOf(event)} ${label}${note === "" ? "" : `, again ${note}`}`;
    case "settled":
      return `is heard: ${label} is settled`;
    case "settled in vain":
      return `is not heard: the broker has taken ${label} back`;
    case "calls":
      return `calls ${note}`;
    case "effect":
      return `EFFECT ${note} ${key}`;
    case "gets the reply":
      return `gets the reply ${label}`;
    case "fault":
      return `FAULT ${note}${label === "" ? "" : ` (${label})`}`;
    case "starts":
      return "starts again";
    case "sleeps":
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
      return "has failed at";
    case "dead-letter":
      return "gives up";
    case "release":
    case undefined:
      return "gives back";
  }
}

function why(note: string): string {
  return note === "" ? "" : `: ${note}`;
}
