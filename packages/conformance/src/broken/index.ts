/** Transports that are wrong on purpose: the proof that the suite can fail. Not for any other use. */
export type { Breakage, Breaker } from "./breakage.ts";
export { BREAKAGES } from "./breakages.ts";
export { brokenHarness } from "./broken-harness.ts";
export { UNBROKEN } from "./unbroken.ts";
export { pretendingNot, withoutCapability } from "./without-capability.ts";
