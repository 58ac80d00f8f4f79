import type { Settlement, WireMessage } from "@waybill/core/transport";

/** The kinds of events in a run. */
export type EventKind =
  | "acts"
  | "act failed"
  | "stored"
  | "not stored"
  | "receives"
  | "answers"
  | "settled"
  | "settlement ignored"
  | "calls"
  | "effect"
  | "receives the reply"
  | "fault"
  | "starts"
  | "notes";

/** One event of a run. */
export interface HistoryEvent {
  readonly step: number;
  /** Virtual milliseconds since the run began. */
  readonly at: number;
  /** The actor: a process with the number of its instance, such as `warehouse/1`, a client, `broker`, or `time`. */
  readonly who: string;
  readonly what: EventKind;
  readonly message: WireMessage | undefined;
  /** The service whose handler receives or settles the message. */
  readonly service: string | undefined;
  readonly attempt: number | undefined;
  readonly settlement: Settlement["type"] | undefined;
  /** Further text; for an effect its name. */
  readonly note: string | undefined;
  /** For an effect its key, such as the number of an order. */
  readonly key: string | undefined;
}

/** An event to record: the history adds the step and the time. */
export type NewEvent = Pick<HistoryEvent, "who" | "what"> &
  Partial<Omit<HistoryEvent, "who" | "what" | "step" | "at">>;
