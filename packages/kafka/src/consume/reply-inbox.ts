import { Problems } from "@waybill/core/transport-kit";
import type { Environment, ReplyInbox, WireMessage } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { REPLY_TOPIC } from "../topology/names.ts";
import { partitionName } from "../topology/topic-partition.ts";
import type { Warn } from "../warnings.ts";
import { messageOf } from "../wire/message.ts";
import { createReplyAddress, formatReplyAddress, type ReplyAddress } from "../wire/reply-address.ts";
import { Fetcher } from "./fetcher.ts";
import { endsOf } from "./offsets/committed-offsets.ts";

export interface ReplyInboxOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly warn: Warn;
  readonly onReply: (message: WireMessage) => void;
}

/**
 * An inbox for replies: a reader of one partition of the reply topic, from its end on and without a group. Closing it leaves
 * nothing on the broker, and a lost connection loses no reply. Several inboxes may read one partition; each finds its own
 * replies by their key.
 */
export class KafkaReplyInbox implements ReplyInbox {
  readonly #cluster: Cluster;
  readonly #replyAddress: ReplyAddress;
  readonly #fetcher: Fetcher;
  #next = 0;
  #isClosed = false;

  constructor({ cluster, environment, warn, onReply }: ReplyInboxOptions) {
    this.#cluster = cluster;
    this.#replyAddress = createReplyAddress(environment.random);
    const { partition, inbox } = this.#replyAddress;
    const key = Buffer.from(inbox);
    const destination = { kind: "reply", address: this.address } as const;
    this.#fetcher = new Fetcher({
      cluster,
      environment,
      plan: () => ({
        partitions: [{ topic: REPLY_TOPIC, number: partition, next: this.#next }],
        isPartial: false,
      }),
      onRecords: (_, records, next) => {
        this.#next = next;
        for (const record of records) {
          if (this.#isClosed || record.key === null || !key.equals(record.key)) continue;
          onReply({
            ...messageOf(record, { destination, lane: undefined, partition: REPLY_TOPIC }),
            key: undefined,
          });
        }
      },
      onOutOfRange: () => this.#seekToEnd(),
      warn,
      problems: new Problems((problem) => problem !== undefined && warn(problem)),
    });
  }

  get address(): string {
    return formatReplyAddress(this.#replyAddress);
  }

  /** Resolves once the inbox reads. The reply topic must exist. */
  async open(): Promise<void> {
    await this.#seekToEnd();
    this.#fetcher.fetchFromIdleLeaders();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#fetcher.stop();
    return Promise.resolve();
  }

  async #seekToEnd(): Promise<void> {
    const { partition } = this.#replyAddress;
    const ends = await endsOf(this.#cluster, [{ topic: REPLY_TOPIC, partition }], "latest");
    this.#next = ends.get(partitionName(REPLY_TOPIC, partition)) ?? 0;
  }
}
