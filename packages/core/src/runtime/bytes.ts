import { Buffer, isUtf8 } from "node:buffer";

/** The UTF-8 bytes of a text. A lone surrogate becomes U+FFFD, as everywhere on the platform. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}

/** The text of UTF-8 bytes, or nothing when they are not valid UTF-8: never a text with replacement characters. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("utf8");
}

/** RFC 4648 §4. */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** The bytes of a Base64 text (RFC 4648 §4), or nothing when it is not one. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
