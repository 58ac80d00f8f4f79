import type { WireContent } from "./wire-content.ts";

/** What a broker's record has that text and a body cannot tell: present on plain messages only. */
export interface PlainRecord {
  /** The key's own bytes; absent: it has none. */
  readonly key: Uint8Array | undefined;
  /** Whether the body is null, not empty. */
  readonly isNull: boolean;
  /** When it was written (milliseconds since the Unix epoch), where the broker says so. */
  readonly time: number | undefined;
}

/** The content of a message that has no envelope around it. */
export interface PlainWire extends WireContent {
  readonly key: string | undefined;
  readonly record?: PlainRecord | undefined;
}
