/** The same judgement for every broker: the conformance suite, and things that break under load while nothing may be lost. */
export { conformsOn, type ConformanceOptions } from "./conforms-on.ts";
export { provenOn, type ProofOptions } from "./proven-on.ts";
