import type { Random } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { mintInbox } from "./inbox-token.ts";

/** A configurable prefix, then a part that is the same for all NATS transports. */
const SHAPE = /^([\w-]+(?:\.[\w-]+)*)\.waybill\.reply\.[0-9a-f]{32}$/;

export function newReplyAddress(prefix: string, random: Random): string {
  return mintInbox(prefix, "reply", random);
}

/**
 * Returns whether a reply may be sent to an address. Addresses come with requests, from anybody. An address with another
 * shape or an unknown prefix could be any subject of the server.
 */
export function isKnownAddress(address: string, prefixes: readonly string[]): boolean {
  if (!ownHeaders.isReplyAddress(address, SHAPE)) return false;
  const prefix = SHAPE.exec(address)?.[1];
  return prefix !== undefined && prefixes.includes(prefix);
}
