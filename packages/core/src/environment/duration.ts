import { describeValue } from "./describe-thrown.ts";
import { MessagingError } from "./messaging-error.ts";

type Unit = "ms" | "s" | "m" | "h" | "d";
/** Decimals in texts. TypeScript's own pattern for numbers allows spaces, exponents and signs too. */
type Decimals = bigint | `0${bigint}` | `00${bigint}`;

/** Milliseconds, or a text such as `'250ms'`, `'5s'`, `'1.5m'`, `'2h'`, `'30d'`. A computed duration is a number. */
export type Duration = number | `${bigint}${Unit}` | `${bigint}.${Decimals}${Unit}`;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/**
 * Returns a duration in whole milliseconds.
 * @param option the option's name, for errors
 * @throws MessagingError `invalid-duration` unless it is finite and not negative
 */
export function toMilliseconds(duration: Duration, option: string): number {
  const milliseconds = typeof duration === "number" ? duration : parse(duration);
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.round(milliseconds);
  throw new MessagingError("invalid-duration", {
    what: `${option} is ${describeValue(duration)}, which is not a duration.`,
    advice: "Give milliseconds, or a number with ms, s, m, h or d, such as '5s'.",
  });
}

function parse(text: unknown): number {
  const match = typeof text === "string" ? PATTERN.exec(text) : null;
  const unit = match?.[2];
  return unit === undefined ? Number.NaN : Number(match?.[1]) * UNITS[unit as keyof typeof UNITS];
}

/** Returns milliseconds for people, as a whole number of the largest possible unit, such as `5 s`. */
export function showMilliseconds(milliseconds: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, size] = units.find(([, size]) => milliseconds >= size && milliseconds % size === 0) ?? [
    "ms",
    1,
  ];
  return `${(milliseconds / size).toLocaleString("en")} ${unit === "m" ? "min" : unit}`;
}
