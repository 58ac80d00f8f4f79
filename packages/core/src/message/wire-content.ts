import type { Headers } from "./headers.ts";

/** The part of a message that its receiver reads. */
export interface WireContent {
  readonly body: Uint8Array;
  /** A media type; empty on messages of other systems without one. */
  readonly contentType: string;
  /** Values of any UTF-8 text. The adapter escapes and restores a value that its broker cannot carry. */
  readonly headers: Headers;
}

/** Returns the approximate size of a message: the bytes of its body plus the characters of its headers. */
export function sizeOf({ body, headers }: Pick<WireContent, "body" | "headers">): number {
  let size = body.length;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}

/** The parts of a plain message that neither text nor body can express. */
export interface PlainRecord {
  /** The bytes of the key; absent: the message has no key. */
  readonly key: Uint8Array | undefined;
  /** Whether the body is null and not empty. */
  readonly isNull: boolean;
  /** The time of writing, in milliseconds since the Unix epoch, if the broker has it. */
  readonly time: number | undefined;
}

/** The content of a message without an envelope. */
export interface PlainWire extends WireContent {
  readonly key: string | undefined;
  readonly record?: PlainRecord | undefined;
}
