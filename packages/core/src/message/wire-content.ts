import type { Headers } from "./headers.ts";

/** The part of a message that means something to its receiver. */
export interface WireContent {
  readonly body: Uint8Array;
  /** A media type; empty on foreign messages without one. */
  readonly contentType: string;
  /** Any UTF-8 values; a broker that cannot carry one has it escaped and restored by its adapter. */
  readonly headers: Headers;
}
