/** Tells the confirmation of a message from all else that a broker answers, by what is said on the way to it. */
export interface ConfirmationRule {
  /** Hears each portion that a client says. */
  asked(bytes: Buffer): void;
  /** Whether a portion that the broker answers says that a message is stored. */
  confirms(bytes: Buffer): boolean;
}
