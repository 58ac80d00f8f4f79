import { shortenedFailure, sleep, type Ground, type Headers, type Settlement } from "@waybill/core/transport";
import type { KafkaDelivery } from "./delivery.ts";
import { RawHeader } from "./driver/raw-header.ts";
import { escapedName } from "./header-names.ts";
import { LONGEST_DELAY_MS, roomFor } from "./rooms.ts";
import type { Entry } from "./ledger.ts";
import { deadLettersName } from "./names.ts";
import { partitionName } from "./parcels.ts";
import type { Partition } from "./partition.ts";
import type { Publisher } from "./publisher.ts";
import type { Site } from "./sources.ts";
import { idOf, numberOf, rewritten } from "./wire.ts";
import { OURS } from "./header-names.ts";

/** How long a message waits that cannot be moved on at the moment. */
const PAUSE_MS = 250;

type Moving = Exclude<Settlement, { readonly type: "ack" | "release" }>;

export interface Mover {
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly site: Site;
  /** The service whose dead letters they become. */
  readonly group: string;
}

/**
 * Stores a delivery's next appearance: in a waiting room, or among the dead letters. True once it is stored, so that the
 * delivery may be settled; false when it was taken back meanwhile. Until then it is tried again and again: a message that
 * can be neither moved nor handled stays where it is.
 */
export async function moveOn(
  delivery: KafkaDelivery,
  settlement: Moving,
  { ground, publisher, site, group }: Mover,
): Promise<boolean> {
  const { record } = delivery.entry;
  const isRetry = settlement.type === "retry";
  const due = isRetry ? ground.clock.now() + Math.min(settlement.delayMs, LONGEST_DELAY_MS) : undefined;
  let { headers } = settlement;
  while (delivery.isLive) {
    const now = ground.clock.now();
    const route =
      due === undefined || site.later === undefined
        ? { topic: deadLettersName(group), partition: undefined }
        : { topic: site.later, partition: roomFor(due - now) };
    const result = await publisher.write(
      route,
      rewritten(
        record,
        {
          id: delivery.message.id,
          ...(headers !== undefined && { headers }),
          attempts: isRetry ? delivery.attempt : 0,
          due,
          lane: isRetry ? delivery.lane : undefined,
        },
        now,
      ),
    );
    if (result.ok) return delivery.isLive;
    if (!isRetry && result.error.code === "too-large" && Object.keys(headers ?? {}).length > 0) {
      headers = shortenedFailure(headers ?? {});
      continue;
    }
    publisher.blame(route, result.error);
    await sleep(ground.clock, PAUSE_MS);
  }
  return false;
}

export interface Aside {
  readonly ground: Ground;
  readonly publisher: Publisher;
  readonly later: string;
  readonly due: number;
}

/** Puts a message that is not due into its waiting room. True once it is there. */
export async function putAside(
  partition: Partition,
  { record }: Entry,
  { ground, publisher, later, due }: Aside,
): Promise<boolean> {
  const id = idOf(record, partitionName(partition.topic, partition.number));
  while (!partition.isLost) {
    const now = ground.clock.now();
    const lane = partition.lane ?? numberOf(record, OURS.lane);
    const route = { topic: later, partition: roomFor(due - now) };
    const result = await publisher.write(
      route,
      rewritten(record, { id, attempts: numberOf(record, OURS.attempt) ?? 0, due, lane }, now),
    );
    if (result.ok) return !partition.isLost;
    publisher.blame(route, result.error);
    await sleep(ground.clock, PAUSE_MS);
  }
  return false;
}

/** A message is tried once more in its place, as one attempt more. */
export function retriedHere(entry: Entry, headers: Headers | undefined): void {
  entry.vain += 1;
  if (headers === undefined) return;
  const changed = Object.entries(headers).map(
    ([name, value]) => new RawHeader(escapedName(name), Buffer.from(value)),
  );
  const kept = entry.record.headers.filter(({ name }) => !changed.some((header) => header.name === name));
  entry.record = { ...entry.record, headers: [...kept, ...changed] };
}
