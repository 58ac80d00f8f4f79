/** Transports that are wrong on purpose: the proof that the suite can fail. */
export type { BrokenTransport, Breaker } from "./broken-transport.ts";
export { BROKEN_TRANSPORTS } from "./broken-transports.ts";
export { brokenHarness } from "./broken-harness.ts";
export { UNBROKEN } from "./unbroken.ts";
export { pretendingNot, withoutCapability } from "./without-capability.ts";
