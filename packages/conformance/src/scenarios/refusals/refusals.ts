import { ACK, type CapabilityName, isMessagingError } from "@waybill/core/transport";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { topologyOf } from "../../kit/generate/topologies.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { describeEnd, refusalOf } from "../../kit/refusal.ts";
import type { Stage } from "../../kit/stage.ts";

/**
 * The behaviour of a transport that declares a capability as `none`, by capability. A request for the capability is
 * refused with `capability-missing` or with a publish result. Where nothing can request the capability, the
 * declaration must be true and no message may be lost.
 */
export const REFUSALS: Readonly<Record<CapabilityName, (stage: Stage) => Promise<void>>> = {
  durable: noDurability,
  dedup: noDedup,
  order: noOrder,
  settleOutOfOrder: (stage) => assertRedelivered(stage, "release"),
  deliverAt: noDelay,
  retryDelay: (stage) => assertRedelivered(stage, "retry"),
  attempts: noAttempts,
  freeRelease: (stage) => assertRedelivered(stage, "release"),
  deadLetters: noDeadLetters,
  history: noHistory,
  requests: noRequests,
};

/** Nothing can request durability: core acts on the declaration, and the operator needs its reason. */
async function noDurability(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const { reason } = transport.capabilities.durable;
  assertThat(reason !== "", () => "The capability durable is declared none without a reason.");
}

/** Without deduplication the transport declares no window, and may store both copies. */
async function noDedup(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const { windowMs } = transport.capabilities.dedup;
  assertThat(windowMs === 0, () => `The capability dedup is declared none with a window of ${windowMs} ms.`);
  const queue = await makeQueue(stage, transport);
  const message = queue.message();
  await stage.store(transport, [message]);
  await stage.store(transport, [message]);
  await stage.consume(transport, queue.source);
  await awaitDelivered(stage, queue.group, [message.id]);
}

async function noOrder(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const name = stage.names.next("queue");
  await assertRefused(stage, "provisioning lanes", () =>
    transport.provision(topologyOf({ queues: [{ name, lanes: 2 }] }), "apply"),
  );
}

async function noDelay(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const deliverAt = stage.time.now() + stage.pace.delayMs + stage.pace.patienceMs;
  const [result] = await stage.publish(transport, [queue.message({ deliverAt })]);
  assertThat(
    result?.ok === false && result.error.code === "delay-too-long" && !result.error.maybeStored,
    () => `Publishing a delayed message returned ${JSON.stringify(result)}.`,
  );
}

async function noAttempts(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const consumer = await stage.consume(transport, queue.source);
  await stage.store(transport, [queue.message()]);
  await awaitDelivered(stage, queue.group, stage.history.confirmed());
  const source = consumer.deliveries[0]?.delivery.attemptSource;
  assertThat(
    source === "unknown",
    () => `The capability attempts is declared none, but attemptSource is ${source}.`,
  );
}

async function noDeadLetters(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  await assertRefused(stage, "reading dead letters", () =>
    transport.subscribe(queue.deadLetters, () => Promise.resolve(ACK)),
  );
}

async function noHistory(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  const name = stage.names.next("topic");
  await assertRefused(stage, "provisioning a history", () =>
    transport.provision(topologyOf({ topics: [{ name, lanes: undefined, retainMs: 60_000 }] }), "apply"),
  );
}

async function noRequests(stage: Stage): Promise<void> {
  const transport = await stage.instance();
  await assertRefused(stage, "opening a reply inbox", () => transport.openReplyInbox(() => undefined));
}

/**
 * A settlement cannot be refused, because it has no result. The transport must still redeliver the message, after any
 * delay.
 */
async function assertRedelivered(stage: Stage, type: "retry" | "release"): Promise<void> {
  const transport = await stage.instance();
  const queue = await makeQueue(stage, transport);
  const consumer = await stage.consume(transport, queue.source, {
    handler: () => {
      if (consumer.deliveries.length > 1) return ACK;
      return type === "retry" ? { type, delayMs: stage.pace.delayMs } : { type };
    },
  });
  await stage.store(transport, [queue.message()]);
  await stage.time.eventually(
    () => consumer.deliveries.length > 1,
    () => `A message settled with ${type} was delivered ${consumer.deliveries.length} times.`,
  );
}

async function assertRefused(stage: Stage, what: string, call: () => Promise<unknown>): Promise<void> {
  const refusal = await refusalOf(stage, call);
  assertThat(
    isMessagingError(refusal, "capability-missing"),
    () => `The capability is declared none, but ${what} ended with ${describeEnd(refusal)}.`,
  );
}
