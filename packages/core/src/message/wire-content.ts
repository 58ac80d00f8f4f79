import type { Headers } from "./headers.ts";

/** The part of a message that means something to its receiver. */
export interface WireContent {
  readonly body: Uint8Array;
  /** A media type; empty on foreign messages without one. */
  readonly contentType: string;
  /** Any UTF-8 values; a broker that cannot carry one has it escaped and restored by its adapter. */
  readonly headers: Headers;
}

/** The size of a message, near enough: its body in bytes, and the characters of its headers. */
export function sizeOf({ body, headers }: Pick<WireContent, "body" | "headers">): number {
  let size = body.length;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}

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
