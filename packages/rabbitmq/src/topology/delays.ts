/**
 * Delays of any length without a plugin: one queue for each binary digit of the delay, whose messages wait 2^digit
 * units and pass on to the next lower digit by dead-lettering (as NServiceBus does it on RabbitMQ: delayed delivery
 * infrastructure v2). A message waits in the queues of the digits that are 1 and skips the others by bindings between
 * the exchanges. Its routing key is `<highest digit>. … .<lowest digit>.<place>`.
 */
export const DIGITS = 32;
export const GRID_MS = 100;
export const LONGEST_DELAY_MS: number = (2 ** DIGITS - 1) * GRID_MS;

export const level = (digit: number): string => `waybill.delay.${String(digit).padStart(2, "0")}`;

/** Where a delayed message enters, and its way from there. */
export interface DelayRoute {
  readonly exchange: string;
  readonly routingKey: string;
}

/** The route of a message that waits `delayMs`, above 0 and up to {@link LONGEST_DELAY_MS}, and then reaches a place. */
export function delayRoute(delayMs: number, word: string): DelayRoute {
  // One millisecond more: the two clocks cut their readings to whole ones.
  const units = Math.min(2 ** DIGITS - 1, Math.ceil((delayMs + 1) / GRID_MS));
  const digits = units.toString(2).padStart(DIGITS, "0");
  return {
    exchange: level(DIGITS - 1 - digits.indexOf("1")),
    routingKey: `${digits.split("").join(".")}.${word}`,
  };
}
