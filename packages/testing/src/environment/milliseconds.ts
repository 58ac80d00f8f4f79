import type { Duration } from "@waybill/core";
import { MessagingError } from "@waybill/core/transport";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Returns a duration in milliseconds.
 * @param option the option or method that takes the duration, for the error
 * @throws MessagingError `invalid-duration`
 */
export function milliseconds(duration: Duration, option: string): number {
  const [, amount, unit = "ms"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(String(duration)) ?? [];
  const isText = typeof duration === "string";
  const value = amount === undefined || (isText && !/[a-z]$/.test(duration)) ? Number.NaN : Number(amount);
  if (Number.isFinite(value)) return Math.round(value * (UNITS[unit] ?? 1));
  throw new MessagingError("invalid-duration", {
    what: `${option} is ${JSON.stringify(duration) ?? String(duration)}, which is not a duration.`,
    advice: "Give milliseconds, or a number with ms, s, m, h or d, such as '5s'.",
  });
}
