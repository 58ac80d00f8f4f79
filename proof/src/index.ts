/** The tests that every broker must pass: the conformance suite and the chaos tests. */
export { conformsOn, type ConformanceOptions } from "./conforms-on.ts";
export { provenOn, type ProofOptions } from "./proven-on.ts";
