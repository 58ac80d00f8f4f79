import { show } from "../text/show.ts";

/** One event of a test bus. */
export interface JournalLine {
  readonly what: "sent" | "published" | "requested" | "replied" | "handled" | "failed" | "dead letter";
  readonly type: string;
  readonly data: unknown;
  /** The id of the message. An event that two services handle has two lines. */
  readonly id: string;
  /** The acting service; absent for messages that the test sends. */
  readonly service: string | undefined;
  /** Milliseconds since the creation of the bus. */
  readonly at: number;
  /** The reason of a failure. */
  readonly reason: string | undefined;
}

const MOST_SHOWN = 40;

/** The events of a bus, in order. */
export class Journal {
  readonly lines: JournalLine[] = [];

  /** Returns the last 40 lines as text, for a failed expectation. */
  describe(): string {
    if (this.lines.length === 0)
      return "Nothing has happened on this bus yet. Does the test await settled()?";
    const skipped = this.lines.length - MOST_SHOWN;
    const shown = this.lines.slice(Math.max(0, skipped)).map(lineText);
    const rest = skipped > 0 ? [`  … ${skipped} earlier lines`] : [];
    return ["Seen so far:", ...rest, ...shown].join("\n");
  }
}

function lineText({ what, type, data, service, at, reason }: JournalLine): string {
  const who = service === undefined ? "the test" : service;
  const why = reason === undefined ? "" : `: ${reason}`;
  return `  ${at} ms  ${who}  ${what}  ${type} ${show(data)}${why}`;
}
