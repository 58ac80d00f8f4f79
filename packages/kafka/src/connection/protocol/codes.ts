import { createErrorFromCode } from "./kafkajs.ts";

/** The error codes that the adapter treats in a way of their own (Kafka protocol guide, error codes). */
export const CODE = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  leaderNotAvailable: 5,
  notLeader: 6,
  timedOut: 7,
  messageTooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  invalidTopic: 17,
  listTooLarge: 18,
  notEnoughReplicas: 19,
  notEnoughReplicasAfterAppend: 20,
  illegalGeneration: 22,
  unknownMember: 25,
  rebalanceInProgress: 27,
  topicForbidden: 29,
  groupForbidden: 30,
  clusterForbidden: 31,
  topicExists: 36,
  invalidPartitions: 37,
  notController: 41,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducer: 59,
  groupNotFound: 69,
  memberIdRequired: 79,
  throttled: 89,
} as const;

const FORBIDDEN: ReadonlySet<number> = new Set([
  CODE.topicForbidden,
  CODE.groupForbidden,
  CODE.clusterForbidden,
]);

/** Whether a code means that this user lacks a permission. */
export function isForbidden(code: number): boolean {
  return FORBIDDEN.has(code);
}

/** An answer of the broker with an error code. */
export class KafkaRefusal extends Error {
  readonly code: number;
  readonly isRetriable: boolean;

  /**
   * @param subject the topic, group or broker that the code is about
   * @param reason the text of the broker; default: the meaning of the code
   */
  constructor(code: number, subject: string, reason?: string | null) {
    const { type, message, retriable } = createErrorFromCode(code);
    super(`${type} for ${subject}: ${reason ?? message}`);
    this.name = "KafkaRefusal";
    this.code = code;
    // kafkajs does not know the code of a broker that throttles the creation of topics (KIP-599).
    this.isRetriable = retriable || code === CODE.throttled;
  }
}

/** The broker does not support a request in any version that kafkajs knows. */
export class UnknownRequest extends Error {
  constructor(request: string, cause: unknown) {
    super(`the broker does not support the request ${request} in any version that this client knows`, {
      cause,
    });
    this.name = "UnknownRequest";
  }
}

/** @throws KafkaRefusal unless the code means success */
export function checkCode(code: number, subject: string): void {
  if (code !== CODE.none) throw new KafkaRefusal(code, subject);
}
