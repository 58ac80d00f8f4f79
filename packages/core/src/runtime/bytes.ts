import { Buffer, isUtf8 } from "node:buffer";

/** Returns the UTF-8 bytes of a text. A lone surrogate becomes U+FFFD, as everywhere on the platform. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}

/**
 * Returns the text of UTF-8 bytes; undefined when they are not valid UTF-8, never a text with replacement characters.
 */
export function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}

/** Returns bytes in Base64 (RFC 4648 §4). */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Returns the bytes of a Base64 text (RFC 4648 §4); undefined when it is not Base64. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
