/** What is said of a delivery, to its own subject (NATS: JetStream wire API, acknowledgements). */
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const ACKED: Uint8Array = bytes("+ACK");
/** Its lease begins anew. */
export const WORKING: Uint8Array = bytes("+WPI");

const BACK: Uint8Array = bytes("-NAK");

/** It comes again after so many milliseconds, to anybody. The server takes nanoseconds. */
export function comesAgain(delayMs: number): Uint8Array {
  return delayMs <= 0 ? BACK : bytes(`-NAK {"delay": ${Math.ceil(delayMs)}000000}`);
}
