/**
 * The number of binary digits of a delay, in units of {@link GRID_MS}. The adapter delays messages without a plugin, with
 * one queue for each binary digit, as NServiceBus does (delayed delivery infrastructure v2). A message waits 2^digit units in
 * the queue of each digit that is 1; RabbitMQ then dead-letters it to the next lower digit. Bindings between the exchanges
 * skip the digits that are 0. The routing key is `<highest digit>. … .<lowest digit>.<target>`.
 */
export const DIGITS = 32;
export const GRID_MS = 100;
export const LONGEST_DELAY_MS: number = (2 ** DIGITS - 1) * GRID_MS;

/** Returns the name of the queue and exchange of a digit. */
export const levelName = (digit: number): string => `waybill.delay.${String(digit).padStart(2, "0")}`;

/** The exchange that a delayed message is published to, and its routing key. */
export interface DelayRoute {
  readonly exchange: string;
  readonly routingKey: string;
}

/**
 * Returns the route of a delayed message.
 * @param delayMs above 0 and up to {@link LONGEST_DELAY_MS}
 * @param word the routing word of the target
 */
export function delayRoute(delayMs: number, word: string): DelayRoute {
  // One millisecond more, because both clocks truncate to whole milliseconds.
  const units = Math.min(2 ** DIGITS - 1, Math.ceil((delayMs + 1) / GRID_MS));
  const digits = units.toString(2).padStart(DIGITS, "0");
  return {
    exchange: levelName(DIGITS - 1 - digits.indexOf("1")),
    routingKey: `${digits.split("").join(".")}.${word}`,
  };
}
