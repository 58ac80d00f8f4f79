import type { Environment, Transport } from "@waybill/core/transport";
import type { Scenario } from "../scenario.ts";

/** Makes a broken transport out of a sound one. Also for what the instances of one world share. */
export type Breaker = (sound: Transport, environment: Environment) => Transport;

/** One way for a transport to be wrong, and the promise that must find it out. */
export interface Breakage {
  /** What it does, as a sentence without a subject: `acknowledges before the handler has answered`. */
  readonly does: string;
  readonly caughtBy: Scenario;
  /** Called once per world. */
  breaker(): Breaker;
}
