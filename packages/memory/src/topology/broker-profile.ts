/** In what a broker differs from the next one, where an application can notice. */
export interface BrokerShape {
  /** A resend under the same id is stored once. */
  readonly recognisesResends: boolean;
  /**
   * What is settled is remembered message by message, or only up to the first that is not: then a member that is lost
   * gets all again that lay above it, handled or not. `late`: message by message, but of what lay above the first that is
   * not, what was settled last may not be written down yet, nor that a message in hand was tried before.
   */
  readonly settles: "each" | "watermark" | "late";
  /** A member that is lost counts as an attempt of what it held: always, never, or as chance has it. */
  readonly countsLosses: boolean | "at times";
  /**
   * A message that is to come again, or is a dead letter, is stored anew and then acknowledged: who is lost between the
   * two leaves both. Otherwise it is one step.
   */
  readonly movesInTwoSteps: boolean;
  /** How long a member that joins waits for lanes that others own, in milliseconds; those that nobody owns it gets at once. */
  readonly laneMoveMs: number;
  /**
   * How late what waits for its time may come at most, in milliseconds, each message as chance has it: what is due close
   * together may change places. 0: on time.
   */
  readonly dueLateMs: number;
  /** What a member gives back counts as an attempt: always, never, or as chance has it, where it depends on the version. */
  readonly countsReleases: boolean | "at times";
}

/** What the broker does unless told otherwise: remembers each settlement, recognises resends, counts every delivery. */
export const BEST_SHAPE: BrokerShape = Object.freeze({
  recognisesResends: true,
  settles: "each",
  countsLosses: true,
  movesInTwoSteps: false,
  laneMoveMs: 0,
  dueLateMs: 0,
  countsReleases: false,
});
