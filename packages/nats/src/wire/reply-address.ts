import type { Random } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { mintInbox } from "./inbox-token.ts";

/** A prefix that anybody may choose, then a part that every transport on NATS makes alike. */
const SHAPE = /^([\w-]+(?:\.[\w-]+)*)\.waybill\.reply\.[0-9a-f]{32}$/;

export function mintReplyAddress(prefix: string, random: Random): string {
  return mintInbox(prefix, "reply", random);
}

/**
 * Whether a reply may be sent to an address. Addresses come with requests, from anybody: one of another shape, or under a
 * prefix that is not known, may be anybody's subject.
 */
export function isKnownAddress(address: string, prefixes: readonly string[]): boolean {
  if (!ownHeaders.isReplyAddress(address, SHAPE)) return false;
  const prefix = SHAPE.exec(address)?.[1];
  return prefix !== undefined && prefixes.includes(prefix);
}
