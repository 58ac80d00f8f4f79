import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** The namespace of derived ids: a random UUID, which must never change. */
const NAMESPACE = Buffer.from("0199a5f27c4a7d1e9b3c2f60d85e41a7", "hex");

/** Returns a UUID of version 5 (RFC 9562 §5.5): the same name gives the same id on every machine and in every run. */
export function derivedId(name: string): string {
  const hex = hash("sha1", Buffer.concat([NAMESPACE, Buffer.from(name)]), "hex");
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
