import type { Cancel } from "@waybill/core/transport";

/** What is done about code of the application that asks the platform for time, timers or chance. */
export type PlatformRule = "fail" | "patch" | "off";

/** What a run has in place of the platform, for the code of one of its processes. */
export interface PlatformPort {
  readonly rule: PlatformRule;
  now(): number;
  random(): number;
  uuid(): string;
  schedule(delayMs: number, run: () => void): Cancel;
  /** The code has asked the platform for something that no replay can give again. */
  reportViolation(what: string): void;
}
