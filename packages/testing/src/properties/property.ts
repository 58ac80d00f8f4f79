import type { HistoryEvent } from "../history/history-event.ts";
import type { Effect } from "../world/effects.ts";

/** The history and effects of a run that has ended. */
export interface RunRecord {
  readonly history: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
}

/** A property that must hold for every run. */
export interface Property {
  /** The name in the report, such as `charge happens exactly once`. */
  readonly name: string;
  /** Judges a run that has ended; returns the violation as a sentence, or nothing if the property holds. */
  readonly judge: (run: RunRecord) => string | undefined;
}
