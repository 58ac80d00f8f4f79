import {
  connectFailed as failedConnection,
  describeThrown,
  provisioning,
  refusal,
} from "@waybill/core/transport-kit";
import { MessagingError, type PublishFailure, type Source } from "@waybill/core/transport";
import { CODE, KafkaRefusal, UnknownRequest, isForbidden } from "./connection/protocol/codes.ts";

/** What Kafka and kafkajs say when a login fails. */
const ROWS = [
  {
    pattern: /oauthbearer/i,
    advice: "Check the token, and which issuers the broker trusts.",
    isFinal: true,
  },
  {
    pattern: /SASL|authenticat|credential/i,
    advice: "Check mechanism, user name and password.",
    isFinal: true,
  },
] as const;

/** Returns the error of a failed connection. The text names the addresses, and nothing else of the URL. */
export function connectFailed(addresses: readonly string[], cause: unknown): MessagingError {
  return failedConnection({ broker: "Kafka", addresses, cause }, ROWS);
}

/** What the broker forbids, and by which permission it would not. */
export function notPermitted(entity: string, operation: string, cause?: unknown): MessagingError {
  return new MessagingError("not-permitted", {
    what: `Kafka does not permit ${operation} on ${entity} to this user.`,
    advice: `Grant ${operation} on ${entity}.`,
    cause,
  });
}

/** What an operation on an entity ended with. */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  const what = `Kafka did not do what was asked of ${entity}: ${describeThrown(cause)}`;
  if (cause instanceof UnknownRequest)
    return new MessagingError("provisioning-failed", {
      what: `${what}.`,
      advice: "Use Kafka 2.3 or later, or a broker that answers this request.",
      cause,
    });
  if (!(cause instanceof KafkaRefusal))
    return new MessagingError("disconnected", {
      what: `${what}.`,
      advice: "Wait until it is ready.",
      cause,
    });
  if (cause.isRetriable)
    return new MessagingError("provisioning-failed", {
      what,
      advice: "Wait until the broker is ready.",
      isRetriable: true,
      cause,
    });
  return isForbidden(cause.code)
    ? new MessagingError("not-permitted", { what: `${what}.`, advice: GRANTS[cause.code] ?? "", cause })
    : new MessagingError("provisioning-failed", {
        what,
        advice: "Read the reason, and the broker's log.",
        cause,
      });
}

const GRANTS: Readonly<Record<number, string>> = {
  [CODE.topicForbidden]: "Grant DESCRIBE, CREATE, READ and WRITE on it, or let somebody else provision.",
  [CODE.groupForbidden]: "Grant READ and DESCRIBE on the group.",
  [CODE.clusterForbidden]: "Grant IDEMPOTENT_WRITE on the cluster, and CREATE to who provisions.",
};

/** @param found given where the topic exists, with another number of partitions than the contract has lanes */
export function unknownSource(
  source: Source,
  topic: string,
  found?: { readonly lanes: number; readonly partitions: number },
): MessagingError {
  if (found === undefined)
    return provisioning.unknownSource("Kafka", `topic ${topic} for the ${source.kind} of ${source.group}`);
  const { lanes, partitions } = found;
  return new MessagingError("unroutable", {
    what: `Topic ${topic} has ${partitions} partitions, and the contract of the ${source.kind} of ${source.group} has ${lanes} lanes.`,
    advice: lanesAdvice(partitions),
  });
}

/** What to do about a topic that has another number of partitions than its contract has lanes. */
export function lanesAdvice(partitions: number): string {
  return `Declare lanes: ${partitions} in the contract, at its sender as well: a lane is a partition, and a key keeps its order only if all agree on their number.`;
}

/** A producer without any WRITE is refused as a whole: what it wanted to write to is named all the same. */
export function notWritable(topic: string, cause: KafkaRefusal): PublishFailure {
  const what = `Kafka does not permit WRITE on topic ${topic}: ${cause.message}.`;
  return refusal("not-permitted", what, cause);
}
