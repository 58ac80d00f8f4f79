/** Distinguishes the confirmation of a message from other replies of the broker, by the requests that were sent. */
export interface ConfirmationRule {
  /** Receives each chunk of bytes that a client sends. */
  observeSent(bytes: Buffer): void;
  /** Returns whether a chunk of the broker's bytes confirms that a message is stored. */
  confirms(bytes: Buffer): boolean;
}
