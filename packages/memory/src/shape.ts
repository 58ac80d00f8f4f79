/** In what a broker differs from the next one, where an application can notice. */
export interface BrokerShape {
  /** A resend under the same id is stored once. */
  readonly recognisesResends: boolean;
  /**
   * What is settled is remembered message by message, or only up to the first that is not: then a member that is lost
   * gets all again that lay above it, handled or not.
   */
  readonly settles: "each" | "watermark";
  /** A member that is lost counts as an attempt of what it held. */
  readonly countsLosses: boolean;
}

/** What the broker does unless told otherwise: remembers each settlement, recognises resends, counts every delivery. */
export const BEST_SHAPE: BrokerShape = Object.freeze({
  recognisesResends: true,
  settles: "each",
  countsLosses: true,
});
