/** The same proof for every broker: things are broken under load, and nothing may be lost. */
export { provenOn, type ProofOptions } from "./proven-on.ts";
