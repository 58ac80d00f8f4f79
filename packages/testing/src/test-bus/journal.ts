import { show } from "../text/show.ts";

/** One thing that happened on a test bus. */
export interface JournalLine {
  readonly what: "sent" | "published" | "requested" | "replied" | "handled" | "failed" | "dead letter";
  readonly type: string;
  readonly data: unknown;
  /** Of the broker's copy: a message that two groups handle has two lines. */
  readonly id: string;
  /** The service that did it; absent for what the test itself sent. */
  readonly service: string | undefined;
  /** Milliseconds since the bus was made. */
  readonly at: number;
  /** Why it failed, where it did. */
  readonly reason: string | undefined;
}

const MOST_SHOWN = 40;

/** What happened on a bus, in order. */
export class Journal {
  readonly lines: JournalLine[] = [];

  /** The whole of it as text, for the failure of an expectation. */
  describe(): string {
    if (this.lines.length === 0) return "Nothing has happened on this bus yet: was settled() awaited?";
    const skipped = this.lines.length - MOST_SHOWN;
    const shown = this.lines.slice(Math.max(0, skipped)).map(lineText);
    const rest = skipped > 0 ? [`  … ${skipped} lines before`] : [];
    return ["Seen so far:", ...rest, ...shown].join("\n");
  }
}

function lineText({ what, type, data, service, at, reason }: JournalLine): string {
  const who = service === undefined ? "the test" : service;
  const why = reason === undefined ? "" : `: ${reason}`;
  return `  ${at} ms  ${who}  ${what}  ${type} ${show(data)}${why}`;
}
