import type { Random } from "@waybill/core/transport";
import { randomToken } from "@waybill/core/transport-kit";

/** How many partitions the replies of all services are spread over. */
export const REPLY_PARTITIONS = 12;

/** The partition, and 128 bits of chance: a name that nobody else takes or guesses. */
const SHAPE = /^waybill\.kafka\.([0-9]{1,2})\.([0-9a-f]{32})$/;

export interface ReplyAddress {
  readonly partition: number;
  /** The key of all records that are meant for it. */
  readonly inbox: string;
}

export function createReplyAddress(random: Random): ReplyAddress {
  const inbox = randomToken(random);
  return { partition: random.uint32() % REPLY_PARTITIONS, inbox };
}

export function formatReplyAddress({ partition, inbox }: ReplyAddress): string {
  return `waybill.kafka.${partition}.${inbox}`;
}

/** Addresses come with requests, from anybody; absent for one that was not minted here. */
export function parseReplyAddress(address: string): ReplyAddress | undefined {
  const [, partition, inbox] = SHAPE.exec(address) ?? [];
  if (partition === undefined || inbox === undefined || Number(partition) >= REPLY_PARTITIONS)
    return undefined;
  return { partition: Number(partition), inbox };
}
