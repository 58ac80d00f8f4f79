import type { WireContent } from "./wire-content.ts";

/** The size of a message, near enough: its body in bytes, and the characters of its headers. */
export function sizeOf({ body, headers }: Pick<WireContent, "body" | "headers">): number {
  let size = body.length;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}
