import type { Consumer } from "../consumer.ts";
import type { ReceivedDelivery } from "../received-delivery.ts";
import type { Stage } from "../stage.ts";
import { assertThat, few } from "./assert.ts";
import type { History } from "./history.ts";

/** Waits until every message was delivered to a group; further deliveries are allowed. */
export async function awaitDelivered(stage: Stage, group: string, tags: Iterable<string>): Promise<void> {
  const wanted = [...tags];
  let missing = new Set(wanted);
  await stage.time.eventually(
    () => {
      const seen = new Set(stage.history.deliveredTo(group));
      missing = new Set([...missing].filter((tag) => !seen.has(tag)));
      return missing.size === 0;
    },
    () =>
      `${missing.size} of ${wanted.length} messages were not delivered (${few([...missing])}): ${stage.history.summary(group)}.`,
  );
}

/** Checks that exactly these messages were delivered to a group, once each, and that no other follows. */
export function assertExactly(stage: Stage, group: string, tags: readonly string[]): Promise<void> {
  return assertExactlyEach(stage, new Map([[group, tags]]));
}

/** Checks the same for several groups at once. */
export async function assertExactlyEach(
  stage: Stage,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const [group, tags] of wanted) await awaitDelivered(stage, group, tags);
  await stage.time.quiet();
  for (const [group, tags] of wanted) {
    const seen = stage.history.deliveredTo(group);
    assertThat(
      new Set(seen).size === seen.length,
      () => `${few(duplicates(seen))} were delivered twice to ${group}.`,
    );
    const known = new Set(tags);
    const unexpected = seen.filter((tag) => !known.has(tag));
    assertThat(
      unexpected.length === 0,
      () => `${few(unexpected)} were delivered to ${group} although they were not sent to it.`,
    );
  }
}

/**
 * Checks that no message was delivered to a group more often than it was published with the result ok or maybe stored.
 * Only for groups whose members lost no connection and retried no message.
 */
export function assertDuplicatesReported(history: History, group: string): void {
  const seen = countsOf(history.deliveredTo(group));
  const mayBeStored = countsOf(
    history.publishes
      .filter(({ result }) => result?.ok === true || result?.error.maybeStored === true)
      .map(({ tag }) => tag),
  );
  for (const [tag, times] of seen)
    assertThat(
      times <= (mayBeStored.get(tag) ?? 0),
      () =>
        `${tag} was delivered ${times} times, but only ${mayBeStored.get(tag) ?? 0} of its publishes may have stored it.`,
    );
}

/** Checks that only published messages were delivered to a group. */
export function assertOnlyPublished(history: History, group: string): void {
  const unexpected = history.deliveredTo(group).filter((tag) => history.published(tag) === undefined);
  assertThat(
    unexpected.length === 0,
    () => `${few(unexpected)} were delivered to ${group} although nobody published them.`,
  );
}

/** Checks that the first deliveries of these messages came in the given order. */
export function assertOrder(
  deliveries: readonly ReceivedDelivery[],
  tags: readonly string[],
  what: string,
): void {
  const wanted = new Set(tags);
  const first = [...new Set(deliveries.map(({ tag }) => tag))].filter((tag) => wanted.has(tag));
  const broken = first.findIndex((tag, at) => tag !== tags[at]);
  assertThat(
    broken === -1,
    () => `${what}: expected the order ${few(tags)}, delivered in the order ${few(first)}.`,
  );
}

/** Checks that two members never had messages of one lane in flight at the same time. */
export function assertOneOwner(deliveries: readonly ReceivedDelivery[]): void {
  const busy = new Map<number, ReceivedDelivery>();
  for (const received of deliveries) {
    if (received.lane === undefined) continue;
    const before = busy.get(received.lane);
    const overlaps =
      before !== undefined &&
      before.consumer !== received.consumer &&
      (before.ended ?? Infinity) > received.began;
    assertThat(
      !overlaps,
      () =>
        `${received.tag} of lane ${received.lane} was delivered to ${received.consumer} while ${before?.consumer} still handled ${before?.tag}.`,
    );
    // Only the delivery that ends last can overlap with a later one.
    if (before === undefined || (before.ended ?? Infinity) < (received.ended ?? Infinity))
      busy.set(received.lane, received);
  }
}

/** Checks that no member had more messages in flight than its credit. */
export function assertCreditKept(...consumers: readonly Consumer[]): void {
  for (const { name, excess } of consumers)
    assertThat(excess.length === 0, () => `${name} got deliveries beyond its credit: ${few(excess)}.`);
}

function duplicates(tags: readonly string[]): readonly string[] {
  const once = new Set<string>();
  return tags.filter((tag) => once.has(tag) || !once.add(tag));
}

function countsOf(tags: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}
