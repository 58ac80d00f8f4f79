import { refusal } from "@waybill/core/transport-kit";
import type { Clock, PublishFailure, WireMessage } from "@waybill/core/transport";
import { consumerName, groupConsumer, topicStream } from "../topology/names.ts";
import { headerBlock, headerProblem } from "../wire/message.ts";
import type { RequiredConsumer } from "./consumer-existence.ts";
import { sizeProblem } from "./publish-results.ts";
import { subjectOf } from "./routes.ts";

export interface EncodeOptions {
  /** The allowed prefixes of reply addresses. */
  readonly replyPrefixes: readonly string[];
  readonly clock: Clock;
  /** The most bytes of body and headers. */
  readonly largestMessage: () => number;
}

/** Returns the subject and the header block of a message, or why it cannot be published. */
export function encoded(
  message: WireMessage,
  { clock, replyPrefixes, largestMessage }: EncodeOptions,
): { readonly subject: string; readonly headers: Buffer } | PublishFailure {
  const { body, deliverAt } = message;
  const now = clock.now();
  const problem = headerProblem(message.headers);
  if (problem !== undefined) return refusal("rejected", problem);
  const subject = subjectOf(message, { now, replyPrefixes });
  if (typeof subject !== "string") return subject;
  const due = deliverAt !== undefined && deliverAt > now ? deliverAt : undefined;
  const headers = headerBlock(message, due === undefined ? undefined : { due });
  const tooLarge = sizeProblem(body.byteLength + headers.length, largestMessage());
  return tooLarge?.ok === false ? tooLarge.error : { subject, headers };
}

/** Returns the consumer without which nobody would receive a message to one group of a topic. */
export function requiredConsumerOf({ destination, lane }: WireMessage): RequiredConsumer | undefined {
  if (destination.kind !== "group") return undefined;
  const { topic, group } = destination;
  return { stream: topicStream(topic), consumer: consumerName(groupConsumer(group), lane) };
}
