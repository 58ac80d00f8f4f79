import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** The number of partitions of the reply topic. */
export const REPLY_PARTITIONS = 12;

/** The partition, and 128 random bits: a name that no other inbox has and nobody guesses. */
const SHAPE = /^waybill\.kafka\.([0-9]{1,2})\.([0-9a-f]{32})$/;

/** The address of a reply inbox. */
export interface ReplyAddress {
  readonly partition: number;
  /** The key of all replies to the inbox. */
  readonly inbox: string;
}

/** Returns a new address, in a random partition. */
export function createReplyAddress(random: Random): ReplyAddress {
  const inbox = randomToken(random);
  return { partition: random.uint32() % REPLY_PARTITIONS, inbox };
}

/** Returns an address as the text that a request carries. */
export function formatReplyAddress({ partition, inbox }: ReplyAddress): string {
  return `waybill.kafka.${partition}.${inbox}`;
}

/** Returns the address in a text; absent for a text that no inbox of this adapter can have. Addresses come from foreign programs. */
export function parseReplyAddress(address: string): ReplyAddress | undefined {
  const [, partition, inbox] = SHAPE.exec(address) ?? [];
  if (partition === undefined || inbox === undefined || Number(partition) >= REPLY_PARTITIONS)
    return undefined;
  return { partition: Number(partition), inbox };
}
