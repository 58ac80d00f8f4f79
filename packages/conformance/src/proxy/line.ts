/** The two ways through a proxy. */
export type Direction = "to-broker" | "to-client";

/** What all connections of a proxy have to put up with in one direction. */
export interface Line {
  /** Nothing passes; connections stay open. */
  isStalled: boolean;
  /** How long every byte is under way. */
  latencyMs: number;
  /** Of each connection by itself; `Infinity` unless throttled. */
  bytesPerSecond: number;
  /** How many bytes may still pass, and what happens then. */
  budget: Budget | undefined;
  /** What would pass is thrown away instead, and counted. */
  hiding: Hiding | undefined;
  /** Looks at what passes or is thrown away, before it is. */
  watch: ((bytes: Buffer) => void) | undefined;
}

export interface Budget {
  left: number;
  readonly spent: () => void;
}

export interface Hiding {
  /** Called for what was thrown away of one connection, with how much that is by now. */
  readonly hidden: (bytes: number) => void;
}

export function openLine(): Line {
  return {
    isStalled: false,
    latencyMs: 0,
    bytesPerSecond: Infinity,
    budget: undefined,
    hiding: undefined,
    watch: undefined,
  };
}
