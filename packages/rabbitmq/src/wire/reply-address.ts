import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** A name with 128 random bits, which nobody can guess. */
const PATTERN = /^waybill\.reply\.[0-9a-f]{32}$/;

/** Returns a new name of a reply queue, which is its address. */
export function newReplyAddress(random: Random): string {
  return `waybill.reply.${randomToken(random)}`;
}

/** Whether an address is the name of a reply queue. A foreign request may name any other queue as its reply address. */
export function isReplyAddress(address: string): boolean {
  return PATTERN.test(address);
}
