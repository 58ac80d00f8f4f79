import type { Consumer } from "../consumer.ts";
import { claim, few } from "./claim.ts";
import type { History } from "./history.ts";
import type { Handling } from "../handling.ts";
import type { Stage } from "../stage.ts";

/** Waits until a group was handed every message, whatever else it was handed. */
export async function awaitSeen(stage: Stage, group: string, tags: Iterable<string>): Promise<void> {
  const wanted = [...tags];
  let missing = new Set(wanted);
  await stage.time.eventually(
    () => {
      const seen = new Set(stage.history.seenBy(group));
      missing = new Set([...missing].filter((tag) => !seen.has(tag)));
      return missing.size === 0;
    },
    () =>
      `${missing.size} of ${wanted.length} are missing (${few([...missing])}): ${stage.history.story(group)}.`,
  );
}

/** Nothing lost, nothing twice, nothing invented: a group saw exactly these, and after a while still does. */
export function claimExactly(stage: Stage, group: string, tags: readonly string[]): Promise<void> {
  return claimExactlyEach(stage, new Map([[group, tags]]));
}

/** The same of several groups, which are watched together. */
export async function claimExactlyEach(
  stage: Stage,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const [group, tags] of wanted) await awaitSeen(stage, group, tags);
  await stage.time.quiet();
  for (const [group, tags] of wanted) {
    const seen = stage.history.seenBy(group);
    claim(new Set(seen).size === seen.length, () => `${few(duplicates(seen))} came twice to ${group}.`);
    const known = new Set(tags);
    const strangers = seen.filter((tag) => !known.has(tag));
    claim(
      strangers.length === 0,
      () => `${group} was handed ${few(strangers)}, which were not meant for it.`,
    );
  }
}

/**
 * Duplicates are owned up to: a group was handed no message more often than there were publishes that stored it or said
 * that they may have. Only for groups whose members lost no connection and nothing was retried.
 */
export function claimCopies(history: History, group: string): void {
  const seen = countOf(history.seenBy(group));
  const owned = countOf(
    history.sendings
      .filter(({ result }) => result?.ok === true || result?.error.maybeStored === true)
      .map(({ tag }) => tag),
  );
  for (const [tag, times] of seen)
    claim(
      times <= (owned.get(tag) ?? 0),
      () => `${tag} came ${times} times; ${owned.get(tag) ?? 0} of its publishes may have stored it.`,
    );
}

/** Nothing invented: a group was handed only what was published. */
export function claimKnown(history: History, group: string): void {
  const strangers = history.seenBy(group).filter((tag) => history.sent(tag) === undefined);
  claim(strangers.length === 0, () => `${group} was handed ${few(strangers)}, which nobody published.`);
}

/** The first deliveries of messages come in the order given. */
export function claimOrder(handlings: readonly Handling[], tags: readonly string[], what: string): void {
  const wanted = new Set(tags);
  const first = [...new Set(handlings.map(({ tag }) => tag))].filter((tag) => wanted.has(tag));
  const broken = first.findIndex((tag, at) => tag !== tags[at]);
  claim(broken === -1, () => `${what} should come as ${few(tags)} but came as ${few(first)}.`);
}

/** At no moment were two members busy with messages of one lane. */
export function claimOneOwner(handlings: readonly Handling[]): void {
  const busy = new Map<number, Handling>();
  for (const handling of handlings) {
    if (handling.lane === undefined) continue;
    const before = busy.get(handling.lane);
    const overlaps =
      before !== undefined &&
      before.consumer !== handling.consumer &&
      (before.ended ?? Infinity) > handling.began;
    claim(
      !overlaps,
      () =>
        `${handling.consumer} was handed ${handling.tag} of lane ${handling.lane} while ${before?.consumer} still had ${before?.tag}.`,
    );
    // The one that ends last is the one that a later delivery can overlap with.
    if (before === undefined || (before.ended ?? Infinity) < (handling.ended ?? Infinity))
      busy.set(handling.lane, handling);
  }
}

/** No member was ever handed more than its window. */
export function claimWindows(...consumers: readonly Consumer[]): void {
  for (const { name, excess } of consumers)
    claim(excess.length === 0, () => `${name} was handed more than its window: ${few(excess)}.`);
}

function duplicates(tags: readonly string[]): readonly string[] {
  const once = new Set<string>();
  return tags.filter((tag) => once.has(tag) || !once.add(tag));
}

function countOf(tags: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}
