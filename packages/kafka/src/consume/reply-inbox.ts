import { Problems } from "@waybill/core/transport-kit";
import type { Environment, ReplyInbox, WireMessage } from "@waybill/core/transport";
import type { Cluster } from "../connection/protocol/cluster.ts";
import { Fetcher } from "./fetcher.ts";
import { REPLY_TOPIC } from "../topology/names.ts";
import type { Warn } from "../warnings.ts";
import { endsOf } from "./offsets/committed-offsets.ts";
import { partitionName } from "../topology/topic-partition.ts";
import { createReplyAddress, formatReplyAddress, type ReplyAddress } from "../wire/reply-address.ts";
import { messageOf } from "../wire/message.ts";

export interface ReplyInboxOptions {
  readonly cluster: Cluster;
  readonly environment: Environment;
  readonly warn: Warn;
  readonly onReply: (message: WireMessage) => void;
}

/**
 * One partition of the topic of all replies, read from its end on and without a group: nothing is left behind, and a
 * lost connection misses nothing. Others may read the same partition; each knows its own by their key.
 */
export class KafkaReplyInbox implements ReplyInbox {
  readonly #cluster: Cluster;
  readonly #place: ReplyAddress;
  readonly #fetcher: Fetcher;
  #next = 0;
  #isClosed = false;

  constructor({ cluster, environment, warn, onReply }: ReplyInboxOptions) {
    this.#cluster = cluster;
    this.#place = createReplyAddress(environment.random);
    const { partition, inbox } = this.#place;
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
            ...messageOf(record, { destination, lane: undefined, place: REPLY_TOPIC }),
            key: undefined,
          });
        }
      },
      onOutOfRange: () => this.#catchUp(),
      warn,
      problems: new Problems((problem) => problem !== undefined && warn(problem)),
    });
  }

  get address(): string {
    return formatReplyAddress(this.#place);
  }

  /** The topic is there. Resolves once replies are seen. */
  async open(): Promise<void> {
    await this.#catchUp();
    this.#fetcher.poke();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#fetcher.stop();
    return Promise.resolve();
  }

  /** Goes on with what is written from now on. */
  async #catchUp(): Promise<void> {
    const { partition } = this.#place;
    const ends = await endsOf(this.#cluster, [{ topic: REPLY_TOPIC, partition }], "latest");
    this.#next = ends.get(partitionName(REPLY_TOPIC, partition)) ?? 0;
  }
}
