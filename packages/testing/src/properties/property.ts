import type { HistoryEvent } from "../history/history-event.ts";
import type { Effect } from "../world/effects.ts";

/** What is known of a run that has come to rest. */
export interface RunRecord {
  readonly history: readonly HistoryEvent[];
  readonly effects: readonly Effect[];
}

/** Something that must hold for every run. */
export interface Property {
  /** As the report says it: `effects happen exactly once`. */
  readonly name: string;
  /** Looks at a run that has come to rest; answers with what is wrong, in a sentence, or with nothing. */
  readonly judge: (run: RunRecord) => string | undefined;
}
