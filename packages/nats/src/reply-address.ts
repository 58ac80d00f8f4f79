import type { Random } from "@waybill/core/transport";
import { mintInbox } from "./inbox.ts";

const SHAPE = /^[\w-]+(?:\.[\w-]+)*\.waybill\.reply\.[0-9a-f]{32}$/;

export function mintReplyAddress(prefix: string, random: Random): string {
  return mintInbox(prefix, "reply", random);
}

/** Addresses come with requests, from anybody: what is not of our shape may be anybody's subject. */
export function isReplyAddress(address: string): boolean {
  return SHAPE.test(address);
}
