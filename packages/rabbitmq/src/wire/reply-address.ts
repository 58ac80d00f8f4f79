import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** 128 bits of chance: a name that nobody else takes or guesses. */
const SHAPE = /^waybill\.reply\.[0-9a-f]{32}$/;

/** The name of a reply queue, which is its address. */
export function mintReplyAddress(random: Random): string {
  return `waybill.reply.${randomToken(random)}`;
}

/** Addresses come with requests, from anybody: what is not of our shape may be the name of somebody's queue. */
export function isReplyAddress(address: string): boolean {
  return SHAPE.test(address);
}
