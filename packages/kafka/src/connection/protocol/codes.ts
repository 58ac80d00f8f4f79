import { createErrorFromCode } from "./kafkajs.ts";

/** The error codes of the broker that mean something to us (Kafka protocol guide, error codes). */
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

export function isForbidden(code: number): boolean {
  return FORBIDDEN.has(code);
}

/** An answer of the broker that is a refusal. */
export class KafkaRefusal extends Error {
  readonly code: number;
  readonly isRetriable: boolean;

  /** @param reason what the broker said besides the code */
  constructor(code: number, of: string, reason?: string | null) {
    const { type, message, retriable } = createErrorFromCode(code);
    super(`${type} for ${of}: ${reason ?? message}`);
    this.name = "KafkaRefusal";
    this.code = code;
    // kafkajs is older than the code of a broker that limits how often topics are created (KIP-599).
    this.isRetriable = retriable || code === CODE.throttled;
  }
}

/** The broker does not know a request at all, or not in a version that is known here. */
export class UnknownRequest extends Error {
  constructor(request: string, cause: unknown) {
    super(`the broker does not support the request ${request} in any version that this client knows`, {
      cause,
    });
    this.name = "UnknownRequest";
  }
}

/** @throws KafkaRefusal unless the code says that all is well */
export function checkCode(code: number, of: string): void {
  if (code !== CODE.none) throw new KafkaRefusal(code, of);
}
