/** The two directions through a proxy. */
export type Direction = "to-broker" | "to-client";

/** The faults of one direction, which apply to all connections of a proxy. */
export interface DirectionFaults {
  /** Whether no byte passes while connections stay open. */
  isStalled: boolean;
  /** The delay of every byte, in milliseconds. */
  latencyMs: number;
  /** The limit for each connection; `Infinity` unless throttled. */
  bytesPerSecond: number;
  /** The number of bytes that may still pass, and the callback for when none is left. */
  budget: Budget | undefined;
  /** Set while bytes are discarded and counted instead of passed. */
  discarding: Discarding | undefined;
  /** Called with each chunk before it passes or is discarded. */
  onChunk: ((bytes: Buffer) => void) | undefined;
}

export interface Budget {
  left: number;
  readonly onSpent: () => void;
}

export interface Discarding {
  /** Called after each discarded chunk with the total of discarded bytes of its connection. */
  readonly onDiscarded: (bytes: number) => void;
}

export function noFaults(): DirectionFaults {
  return {
    isStalled: false,
    latencyMs: 0,
    bytesPerSecond: Infinity,
    budget: undefined,
    discarding: undefined,
    onChunk: undefined,
  };
}
