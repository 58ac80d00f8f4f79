import {
  connectFailed as failedConnection,
  describeThrown,
  provisioning,
  refusal,
} from "@waybill/core/transport-kit";
import { MessagingError, type PublishFailure, type Source } from "@waybill/core/transport";
import { CODE, KafkaRefusal, UnknownRequest, isForbidden } from "./connection/protocol/codes.ts";

/** The texts of Kafka and kafkajs when a login fails. */
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

/** Returns the error of a missing permission. */
export function notPermitted(entity: string, operation: string, cause?: unknown): MessagingError {
  return new MessagingError("not-permitted", {
    what: `Kafka does not permit ${operation} on ${entity} to this user.`,
    advice: `Grant ${operation} on ${entity}.`,
    cause,
  });
}

/** Returns the error of a failed request. @param entity such as `topic orders` or `the group orders` */
export function provisioningError(entity: string, cause: unknown): MessagingError {
  if (cause instanceof MessagingError) return cause;
  const what = `A request to Kafka for ${entity} failed: ${describeThrown(cause)}`;
  if (cause instanceof UnknownRequest)
    return new MessagingError("provisioning-failed", {
      what: `${what}.`,
      advice: "Use Kafka 2.3 or later, or a broker that supports this request.",
      cause,
    });
  if (!(cause instanceof KafkaRefusal))
    return new MessagingError("disconnected", {
      what: `${what}.`,
      advice: "Try again when the connection is back.",
      cause,
    });
  if (cause.isRetriable)
    return new MessagingError("provisioning-failed", {
      what,
      advice: "Try again when the broker is ready.",
      isRetriable: true,
      cause,
    });
  return isForbidden(cause.code)
    ? new MessagingError("not-permitted", { what: `${what}.`, advice: GRANTS[cause.code] ?? "", cause })
    : new MessagingError("provisioning-failed", {
        what,
        advice: "Check the reason, and the log of the broker.",
        cause,
      });
}

const GRANTS: Readonly<Record<number, string>> = {
  [CODE.topicForbidden]:
    "Grant DESCRIBE, CREATE, READ and WRITE on the topic, or provision it as another user.",
  [CODE.groupForbidden]: "Grant READ and DESCRIBE on the group.",
  [CODE.clusterForbidden]: "Grant IDEMPOTENT_WRITE on the cluster, and CREATE to the user that provisions.",
};

/**
 * Returns the error of a source whose topic does not exist, or has a wrong number of partitions.
 * @param found absent when the topic does not exist
 */
export function unknownSource(
  source: Source,
  topic: string,
  found?: { readonly lanes: number; readonly partitions: number },
): MessagingError {
  if (found === undefined)
    return provisioning.unknownSource("Kafka", `topic ${topic} for the ${source.kind} of ${source.group}`);
  const { lanes, partitions } = found;
  return new MessagingError("unroutable", {
    what: `Topic ${topic} has ${partitions} partitions; the contract of the ${source.kind} of ${source.group} has ${lanes} lanes.`,
    advice: lanesAdvice(partitions),
  });
}

/** Returns the advice for a topic whose number of partitions differs from the lanes of its contract. */
export function lanesAdvice(partitions: number): string {
  return `Declare lanes: ${partitions} in the contract, in every program that uses it: a lane is a partition, and a key keeps its order only if all programs agree on their number.`;
}

/**
 * Returns the failure of a message without permission to write. It names the topic, also when the broker refuses the
 * producer as a whole.
 */
export function notWritable(topic: string, cause: KafkaRefusal): PublishFailure {
  const what = `Kafka does not permit WRITE on topic ${topic}: ${cause.message}.`;
  return refusal("not-permitted", what, cause);
}
