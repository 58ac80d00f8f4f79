import type { Cluster } from "../connection/protocol/cluster.ts";
import { checkCode } from "../connection/protocol/codes.ts";

/** A required field of the request. It has no effect without transactions. */
const TRANSACTION_TIMEOUT_MS = 60_000;

/** The id under which the broker knows a producer. */
export interface ProducerId {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/**
 * The session of an idempotent producer (KIP-98): its id, and the next sequence number of each partition. The broker stores
 * a batch once, however often it is sent under the same number. When it is unknown whether a batch was stored, the
 * following numbers are unknown too, and a new session begins.
 */
export class ProducerSession {
  readonly #cluster: Cluster;
  readonly #next = new Map<string, number>();
  #id: ProducerId | undefined = undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Returns the id, after a request for a new one if the session has ended. @throws KafkaRefusal */
  async id(): Promise<ProducerId> {
    if (this.#id !== undefined) return this.#id;
    const answer = await this.#cluster.toAnyAddress("InitProducerId", {
      transactionalId: null,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
    });
    checkCode(answer.errorCode, "an idempotent producer");
    this.#next.clear();
    this.#id = { producerId: answer.producerId, producerEpoch: answer.producerEpoch };
    return this.#id;
  }

  /** Returns the sequence number of a partition's next record. */
  sequence(partition: string): number {
    return this.#next.get(partition) ?? 0;
  }

  /** Counts stored records. */
  stored(partition: string, count: number): void {
    // Sequence numbers start again at 0 after 2^31 - 1.
    this.#next.set(partition, (this.sequence(partition) + count) % 0x8000_0000);
  }

  get isEnded(): boolean {
    return this.#id === undefined;
  }

  end(): void {
    this.#id = undefined;
  }
}
