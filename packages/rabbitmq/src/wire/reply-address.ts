import type { Random } from "@waybill/core/transport";

/** 128 bits of chance: a name that nobody else takes or guesses. */
const SHAPE = /^waybill\.reply\.[0-9a-f]{32}$/;

/** The name of a reply queue, which is its address. */
export function mintReplyAddress(random: Random): string {
  const words = Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, "0"));
  return `waybill.reply.${words.join("")}`;
}

/** Addresses come with requests, from anybody: what is not of our shape may be the name of somebody's queue. */
export function isReplyAddress(address: string): boolean {
  return SHAPE.test(address);
}
