/** Returns a version 4 UUID (RFC 9562 §5.4) made from random numbers of the run. */
export function uuidOf(uint32: () => number): string {
  const hex = Array.from({ length: 4 }, () => uint32().toString(16).padStart(8, "0")).join("");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
