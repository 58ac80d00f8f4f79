/** What an adapter says of a source: one sentence when it cannot be served as it should, `undefined` once it can again. */
export type Report = (problem: string | undefined) => void;
