/** The differences between brokers that an application can notice. */
export interface BrokerProfile {
  /** Whether the broker stores a message that is resent under the same id only once. */
  readonly recognisesResends: boolean;
  /**
   * The way in which the broker records settlements. `each`: message by message. `watermark`: up to the first unsettled
   * message; after the loss of a member it redelivers everything above, settled or not. `late`: message by message, but the
   * last settlements above the first unsettled message may not be recorded yet, nor the retries of messages in flight.
   */
  readonly settles: "each" | "watermark" | "late";
  /** Whether the loss of a member counts as an attempt of its messages in flight; `at times` decides by chance. */
  readonly countsLosses: boolean | "at times";
  /**
   * Whether a retry or dead letter takes two steps: it is stored, and then the delivery is acknowledged. A member that is lost
   * between the steps leaves both messages.
   */
  readonly movesInTwoSteps: boolean;
  /** The time in milliseconds until a new member receives lanes of other members. It receives lanes without an owner at once. */
  readonly laneMoveMs: number;
  /**
   * The longest random lateness of a delayed message in milliseconds; 0 for none. Messages with close due times may change
   * their order.
   */
  readonly maxLatenessMs: number;
  /** Whether a released message counts as an attempt; `at times` decides by chance. */
  readonly countsReleases: boolean | "at times";
}

/** The default profile: records each settlement, deduplicates, and counts the loss of a member. */
export const DEFAULT_PROFILE: BrokerProfile = Object.freeze({
  recognisesResends: true,
  settles: "each",
  countsLosses: true,
  movesInTwoSteps: false,
  laneMoveMs: 0,
  maxLatenessMs: 0,
  countsReleases: false,
});
