import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** Returns a unique subject that nobody can guess, with 128 random bits. */
export function mintInbox(prefix: string, purpose: string, random: Random): string {
  return `${prefix}.waybill.${purpose}.${randomToken(random)}`;
}
