/** For the tests of an application: a bus in virtual time. */
export { testBus, type TestBus, type TestBusOptions } from "./test-bus/test-bus.ts";
export type { Seen, Part } from "./test-bus/seen.ts";
export type { LostMessage } from "./test-bus/recorder.ts";
export { ExpectationFailed } from "./test-bus/expectation-failed.ts";
