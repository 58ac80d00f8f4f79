/**
 * The entry point for tests of transports: virtual time, reproducible randomness, and the parts of core that a test
 * compares with.
 */
export { isRetriable } from "../environment/messaging-error.ts";
export { seededRandom } from "../environment/random.ts";
export { VirtualClock } from "../environment/virtual-clock.ts";
export { laneOf } from "../message/lane.ts";
export { createAmbient } from "../runtime/ambient.ts";
