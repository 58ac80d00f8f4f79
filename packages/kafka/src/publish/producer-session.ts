import { checkCode } from "../connection/protocol/codes.ts";
import type { Cluster } from "../connection/protocol/cluster.ts";

/** kafkajs wants it said; without transactions it means nothing. */
const TRANSACTION_TIMEOUT_MS = 60_000;

/** What a broker knows a producer by. */
export interface ProducerId {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/**
 * What makes a batch that is sent twice be stored once (KIP-98): an id, and for each partition the number of the next
 * record. A batch keeps its number however often it is sent. When it is not known whether one was stored, the numbers
 * after it cannot be known either, and a new session begins.
 */
export class ProducerSession {
  readonly #cluster: Cluster;
  readonly #next = new Map<string, number>();
  #id: ProducerId | undefined = undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async id(): Promise<ProducerId> {
    if (this.#id !== undefined) return this.#id;
    const answer = await this.#cluster.anyone("InitProducerId", {
      transactionalId: null,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
    });
    checkCode(answer.errorCode, "an idempotent producer");
    this.#next.clear();
    this.#id = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
    return this.#id;
  }

  /** The number of a partition's next record. */
  sequence(partition: string): number {
    return this.#next.get(partition) ?? 0;
  }

  /** So many more are stored. */
  stored(partition: string, count: number): void {
    // Numbers start again at 0 after 2^31 - 1.
    this.#next.set(partition, (this.sequence(partition) + count) % 0x8000_0000);
  }

  get isEnded(): boolean {
    return this.#id === undefined;
  }

  end(): void {
    this.#id = undefined;
  }
}
