import type { Channel } from "amqplib";
import { lanesOf } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import { declare, exchangeDeclaration, queueDeclaration } from "./declarations.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { copyHistory, idsBefore, writeSentinel, type Backfill } from "./history-backfill.ts";
import { whileLocked } from "./lock.ts";
import { historyName, liveExchangeName, lockName, backfillName, laneName } from "./names.ts";
import { newReplyAddress as uniqueId } from "../wire/reply-address.ts";

/** The parts of the transport that topology operations use. */
export interface TopologyContext {
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  readonly environment: Environment;
}

/**
 * Gives a new group the history of its topic, in order, followed by the live messages, without a gap.
 *
 * From one moment on, an exchange of the group routes the live messages to the group's own queues and to a temporary queue,
 * which collects their ids. The history stream is then copied up to a sentinel, without these ids, to the backfill queues,
 * which the members handle first. A process that dies meanwhile leaves the exchange of the group behind. The next process
 * starts again, and messages may then be delivered twice.
 */
export async function backfillGroup(context: TopologyContext, backfill: Backfill): Promise<void> {
  await whileLocked(context, lockName(backfill.group), async (channel) => {
    if (await needsBackfill(context, backfill)) await runBackfill(context, channel, backfill);
  });
}

/** Whether the group is missing, or its backfill is incomplete. */
export async function needsBackfill(
  { declared }: TopologyContext,
  { group, lanes }: Backfill,
): Promise<boolean> {
  const [last] = lanesOf(lanes).toReversed();
  if (!(await declared.check({ kind: "queue", name: laneName(group, last) }))) return true;
  return declared.check({ kind: "exchange", name: laneName(liveExchangeName(group), last) });
}

async function runBackfill(context: TopologyContext, channel: Channel, backfill: Backfill): Promise<void> {
  const { publisher, topic, group, lanes } = backfill;
  const liveIds = (await channel.assertQueue("", { exclusive: true, autoDelete: true })).queue;
  for (const lane of lanesOf(lanes)) {
    const backfillQueue = laneName(backfillName(group), lane);
    await channel.deleteQueue(backfillQueue);
    await declare(channel, queueDeclaration(backfillQueue, { isLane: true }));
    const live = laneName(liveExchangeName(group), lane);
    await declare(channel, exchangeDeclaration(live));
    const own = laneName(group, lane);
    await declare(channel, queueDeclaration(own, { isLane: lane !== undefined }));
    await channel.bindQueue(own, live, "");
    await channel.bindQueue(liveIds, live, "");
  }
  for (const lane of lanesOf(lanes))
    await channel.bindExchange(laneName(liveExchangeName(group), lane), laneName(topic, lane), "");
  const sentinel = uniqueId(context.environment.random);
  await writeSentinel(publisher, liveIds, sentinel);
  await writeSentinel(publisher, historyName(topic), sentinel);
  const except = await context.channels.run((reader) => idsBefore(reader, liveIds, sentinel));
  await channel.deleteQueue(liveIds);
  await context.channels.run((reader) => copyHistory(reader, backfill, { sentinel, except }));
  for (const lane of lanesOf(lanes)) {
    await writeSentinel(publisher, laneName(backfillName(group), lane), sentinel);
    await channel.bindQueue(laneName(group, lane), laneName(topic, lane), "");
    await channel.deleteExchange(laneName(liveExchangeName(group), lane));
  }
}
