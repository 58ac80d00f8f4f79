import type { Channel } from "amqplib";
import { lanesOf } from "@waybill/core/transport-kit";
import type { Environment } from "@waybill/core/transport";
import type { Channels } from "../connection/channels.ts";
import { declare, exchangeDeclaration, queueDeclaration } from "./declarations.ts";
import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { copyHistory, idsUpTo, putMark, type Copying } from "./history-backfill.ts";
import { whileLocked } from "./lock.ts";
import { historyName, joiningName, lockName, pastName, placeName } from "./names.ts";
import { mintReplyAddress as mintName } from "../wire/reply-address.ts";

export interface HistorySite {
  readonly channels: Channels;
  readonly declared: DeclaredEntities;
  readonly environment: Environment;
}

/**
 * Gives a new group the history of its topic, in order, before what is published from now on, nothing lost in between.
 *
 * The live messages go to the group's own queues from one moment on, through an exchange of its own, and from the same
 * moment on to a temporary queue that tells which they were. What the stream holds besides them, up to a mark, is copied
 * to queues of the past, which the members handle first. A process that dies over it leaves the joining exchanges
 * behind; the next one starts anew, and messages may then come twice.
 */
export async function joinWithHistory(site: HistorySite, copying: Copying): Promise<void> {
  await whileLocked(site, lockName(copying.group), async (channel) => {
    if (await isUnfinished(site, copying)) await join(site, channel, copying);
  });
}

/** Whether the group is missing, or was left behind half joined. */
export async function isUnfinished({ declared }: HistorySite, { group, lanes }: Copying): Promise<boolean> {
  const [last] = lanesOf(lanes).toReversed();
  if (!(await declared.check({ kind: "queue", name: placeName(group, last) }))) return true;
  return declared.check({ kind: "exchange", name: placeName(joiningName(group), last) });
}

async function join(site: HistorySite, channel: Channel, copying: Copying): Promise<void> {
  const { publisher, topic, group, lanes } = copying;
  const seen = (await channel.assertQueue("", { exclusive: true, autoDelete: true })).queue;
  for (const lane of lanesOf(lanes)) {
    const past = placeName(pastName(group), lane);
    await channel.deleteQueue(past);
    await declare(channel, queueDeclaration(past, { isLane: true }));
    const joining = placeName(joiningName(group), lane);
    await declare(channel, exchangeDeclaration(joining));
    const own = placeName(group, lane);
    await declare(channel, queueDeclaration(own, { isLane: lane !== undefined }));
    await channel.bindQueue(own, joining, "");
    await channel.bindQueue(seen, joining, "");
  }
  for (const lane of lanesOf(lanes))
    await channel.bindExchange(placeName(joiningName(group), lane), placeName(topic, lane), "");
  const mark = mintName(site.environment.random);
  await putMark(publisher, seen, mark);
  await putMark(publisher, historyName(topic), mark);
  const except = await site.channels.run((reader) => idsUpTo(reader, seen, mark));
  await channel.deleteQueue(seen);
  await site.channels.run((reader) => copyHistory(reader, copying, { mark, except }));
  for (const lane of lanesOf(lanes)) {
    await putMark(publisher, placeName(pastName(group), lane), mark);
    await channel.bindQueue(placeName(group, lane), placeName(topic, lane), "");
    await channel.deleteExchange(placeName(joiningName(group), lane));
  }
}
