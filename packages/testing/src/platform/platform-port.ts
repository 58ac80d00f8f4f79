import type { Cancel } from "@waybill/core/transport";

/** The rule for application code that uses the platform's time, timers or random numbers. */
export type PlatformRule = "fail" | "patch" | "off";

/** The replacement of the platform for the code of one simulated process. */
export interface PlatformPort {
  readonly rule: PlatformRule;
  now(): number;
  random(): number;
  uuid(): string;
  schedule(delayMs: number, run: () => void): Cancel;
  /** Reports a call of the platform whose result a replay cannot repeat. */
  reportViolation(call: string): void;
}
