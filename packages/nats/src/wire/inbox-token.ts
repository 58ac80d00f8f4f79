import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** A subject that nobody else takes or guesses: 128 bits of chance. */
export function mintInbox(prefix: string, purpose: string, random: Random): string {
  return `${prefix}.waybill.${purpose}.${randomToken(random)}`;
}
