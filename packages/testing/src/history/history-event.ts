import type { Settlement, WireMessage } from "@waybill/core/transport";

/** What can be told of a run. */
export type EventKind =
  | "acts"
  | "act ended"
  | "act failed"
  | "stored"
  | "not stored"
  | "receives"
  | "answers"
  | "settled"
  | "settled in vain"
  | "calls"
  | "effect"
  | "gets the reply"
  | "fault"
  | "starts"
  | "sleeps"
  | "notes";

/** One line of a run's history. */
export interface HistoryEvent {
  readonly step: number;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  /** A process with the number of its instance, such as `warehouse/1`; the broker; a client. */
  readonly who: string;
  readonly what: EventKind;
  readonly message: WireMessage | undefined;
  /** The service whose handler it is about. */
  readonly service: string | undefined;
  readonly attempt: number | undefined;
  readonly settlement: Settlement["type"] | undefined;
  /** Further words; for an effect its name. */
  readonly note: string | undefined;
  /** For an effect what it was done to or for. */
  readonly key: string | undefined;
}

/** What a teller must say; the rest is nothing. */
export type NewEvent = Pick<HistoryEvent, "who" | "what"> &
  Partial<Omit<HistoryEvent, "who" | "what" | "step" | "at">>;
