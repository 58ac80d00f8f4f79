import type { Random } from "@waybill/core/transport";

/** A subject that nobody else takes or guesses: 128 bits of chance. */
export function mintInbox(prefix: string, purpose: string, random: Random): string {
  const words = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, "0"));
  return `${prefix}.waybill.${purpose}.${words.join("")}`;
}
