/**
 * What an adapter says of one source: one sentence when the source cannot be served as it should, such as a queue that
 * is deleted or dead letters that cannot be stored; `undefined` once it works again. Never throws. Harmless when it
 * repeats itself.
 */
export type Report = (problem: string | undefined) => void;
