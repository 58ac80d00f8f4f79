import type { Environment, Transport } from "@waybill/core/transport";
import type { Scenario } from "../scenario.ts";

/** Wraps a working transport into a broken one. The instances of one world share the closure of their breaker. */
export type Breaker = (inner: Transport, environment: Environment) => Transport;

/** One way for a transport to be wrong, and the scenario that must fail for it. */
export interface BrokenTransport {
  /** The fault, as a sentence without its subject: `acknowledges a message before its handler has returned`. */
  readonly does: string;
  readonly caughtBy: Scenario;
  /** Creates the breaker of one world. */
  breaker(): Breaker;
}
