import { isMessagingError, type CapabilityName } from "@waybill/core/transport";
import { ACK } from "@waybill/core/transport";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { ending, refusalOf } from "../../kit/refusal.ts";
import type { Stage } from "../../kit/stage.ts";
import { topologyOf } from "../../kit/generate/topologies.ts";

/**
 * What a transport must do that declares a capability as `none`. What can be asked for is refused by name, with
 * `capability-missing`, or with a publish result; what cannot be asked for must be declared honestly, and no
 * message may be lost over it.
 */
export const REFUSALS: Readonly<Record<CapabilityName, (stage: Stage) => Promise<void>>> = {
  durable: noDurability,
  dedup: noDedup,
  order: noOrder,
  settleOutOfOrder: (stage) => comesAgain(stage, "release"),
  deliverAt: noDelay,
  retryDelay: (stage) => comesAgain(stage, "retry"),
  attempts: noAttempts,
  freeRelease: (stage) => comesAgain(stage, "release"),
  deadLetters: noDeadLetters,
  history: noHistory,
  requests: noRequests,
};

/** Nothing can be asked for: the declaration itself is what core acts upon. It needs a reason for people. */
async function noDurability(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const { reason } = transport.capabilities.durable;
  claim(reason !== "", () => "Why nothing is durable is not said.");
}

/** A window would be a promise; both copies may come. */
async function noDedup(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const { windowMs } = transport.capabilities.dedup;
  claim(windowMs === 0, () => `A window of ${windowMs} ms is declared for what is not done.`);
  const queue = await makeQueue(stage, transport);
  const message = queue.message();
  await stage.store(transport, [message]);
  await stage.store(transport, [message]);
  await stage.consume(transport, queue.source);
  await awaitSeen(stage, queue.group, [message.id]);
}

async function noOrder(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const name = stage.names.next("queue");
  await claimRefused(stage, "provisioning lanes", () =>
    transport.provision(topologyOf({ queues: [{ name, lanes: 2 }] }), "apply"),
  );
}

async function noDelay(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const deliverAt = stage.time.now() + stage.pace.delayMs + stage.pace.patienceMs;
  const [result] = await stage.publish(transport, [queue.message({ deliverAt })]);
  claim(
    result?.ok === false && result.error.code === "delay-too-long" && !result.error.maybeStored,
    () => `A delayed message was answered ${JSON.stringify(result)}.`,
  );
}

async function noAttempts(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const consumer = await stage.consume(transport, queue.source);
  await stage.store(transport, [queue.message()]);
  await awaitSeen(stage, queue.group, stage.history.stored());
  const source = consumer.handlings[0]?.delivery.attemptSource;
  claim(source === "unknown", () => `Attempts are not counted, and yet their source is called ${source}.`);
}

async function noDeadLetters(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  await claimRefused(stage, "reading dead letters", () =>
    transport.subscribe(queue.deadLetters, () => Promise.resolve(ACK)),
  );
}

async function noHistory(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const name = stage.names.next("topic");
  await claimRefused(stage, "provisioning a history", () =>
    transport.provision(topologyOf({ topics: [{ name, lanes: undefined, retainMs: 60_000 }] }), "apply"),
  );
}

async function noRequests(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  await claimRefused(stage, "opening a reply inbox", () => transport.openReplyInbox(() => undefined));
}

/** The settlement has no answer that could refuse it: at its own time, the message must come again. */
async function comesAgain(stage: Stage, type: "retry" | "release"): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const consumer = await stage.consume(transport, queue.source, {
    answer: () => {
      if (consumer.handlings.length > 1) return ACK;
      return type === "retry" ? { type, delayMs: stage.pace.delayMs } : { type };
    },
  });
  await stage.store(transport, [queue.message()]);
  await stage.time.eventually(
    () => consumer.handlings.length > 1,
    () => `A message answered with ${type} came ${consumer.handlings.length} times.`,
  );
}

async function claimRefused(stage: Stage, what: string, call: () => Promise<unknown>): Promise<void> {
  const refusal = await refusalOf(stage, call);
  claim(
    isMessagingError(refusal, "capability-missing"),
    () => `Declared as none, ${what} ended with ${ending(refusal)}.`,
  );
}
