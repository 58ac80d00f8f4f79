import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import type { Drift, Topology } from "@waybill/core/transport";
import {
  declare,
  exchangeDeclaration,
  historyDeclaration,
  membersDeclaration,
  queueDeclaration,
  type Declaration,
} from "./declarations.ts";
import { bindDelivery, createDelays, missingDelays } from "./delay-topology.ts";
import { differences } from "./drift.ts";
import { provisioningError } from "../errors.ts";
import { isUnfinished, joinWithHistory, type HistorySite } from "./history.ts";
import { findLanes, type Found, type Laned } from "../lanes/lane-queues.ts";
import { deadLettersName, groupName, historyName, membersName, placeName } from "./names.ts";
import type { Publisher } from "../publish/publisher.ts";

type Mode = "apply" | "verify";

/** What provisioning works with. */
export interface Site extends HistorySite {
  readonly publisher: Publisher;
}

/** Something to have. */
interface Wanted extends Laned {
  /** Which topic a group's queue is bound to, and where the group starts. */
  readonly group?: Pick<Topology["groups"][number], "topic" | "from">;
}

/** What was found of something that is wanted. */
interface Inspected {
  readonly wanted: Wanted;
  readonly found: Found;
  readonly drift: readonly Drift[];
}

/**
 * Creates what is missing, or only says so; what exists is never changed. Everything is compared first: where something
 * differs, nothing is created or bound. @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected`
 */
export async function provision(site: Site, topology: Topology, mode: Mode): Promise<readonly Drift[]> {
  const inspectAll = (all: readonly Wanted[]): Promise<readonly Inspected[]> =>
    Promise.all(all.map((wanted) => inspect(site, wanted)));
  const delays = await missingDelays(site);
  const exchanges = await inspectAll(
    topology.topics.map(({ name, lanes }) => ({ kind: "exchange" as const, name, lanes })),
  );
  const places = await inspectAll([
    ...topology.queues.map(({ name, lanes }) => ({ kind: "queue" as const, name, lanes })),
    ...topology.services.map((service) => ({
      kind: "queue" as const,
      name: deadLettersName(service),
      lanes: undefined,
    })),
  ]);
  const histories = await Promise.all(
    topology.topics.map((topic, at) => inspectHistory(site, topic, exchanges[at]?.found)),
  );
  const groups = await inspectAll(topology.groups.map(groupQueue));
  const drift = [
    ...delays,
    ...exchanges.flatMap((each) => each.drift),
    ...places.flatMap((each) => each.drift),
    ...histories.flat(),
    ...groups.flatMap((each) => each.drift),
  ];
  if (mode === "verify") return drift;
  const different = drift.filter(({ kind }) => kind === "different");
  if (different.length > 0) return different;
  if (delays.length > 0) await createDelays(site);
  // Streams come before their exchanges: an exchange without a stream is one of a topic that retains nothing.
  const kept = topology.topics.filter(({ retainMs }) => retainMs !== undefined);
  await Promise.all(kept.map((topic) => createHistory(site, topic)));
  await Promise.all([...exchanges, ...places].map((each) => create(site, each)));
  await Promise.all(kept.map((topic) => bindHistory(site, topic)));
  await Promise.all(groups.map((each) => create(site, each)));
  return [];
}

function groupQueue({ topic, group, lanes, from }: Topology["groups"][number]): Wanted {
  return { kind: "queue", name: groupName(topic, group), lanes, group: { topic, from } };
}

/** The stream beside the queues of a topic that retains. */
async function inspectHistory(
  { channels, declared }: Site,
  { name, retainMs }: Topology["topics"][number],
  exchange: Found | undefined,
): Promise<readonly Drift[]> {
  if (retainMs === undefined) return [];
  const declaration = historyDeclaration(historyName(name), retainMs);
  return during(`queue ${declaration.name}`, async (entity) => {
    if (await declared.check({ kind: "queue", name: declaration.name }))
      return differences(channels, declaration);
    if (exchange === "missing" || exchange === undefined) return [provisioning.missing(entity)];
    const found = { expected: `${retainMs} ms`, actual: "none" };
    return [provisioning.different(`topic ${name}`, "retain", found)];
  });
}

function createHistory(
  { channels }: Site,
  { name, retainMs = 0 }: Topology["topics"][number],
): Promise<void> {
  const declaration = historyDeclaration(historyName(name), retainMs);
  return during(`queue ${declaration.name}`, () => channels.run((channel) => declare(channel, declaration)));
}

/** Each time: a process may have died before it came to that. */
function bindHistory({ channels }: Site, { name, lanes }: Topology["topics"][number]): Promise<void> {
  const queue = historyName(name);
  return during(`queue ${queue}`, () =>
    channels.run(async (channel) => {
      for (const lane of lanesOf(lanes)) await channel.bindQueue(queue, placeName(name, lane), "");
    }),
  );
}

function inspect(site: Site, wanted: Wanted): Promise<Inspected> {
  return during(`${wanted.kind} ${wanted.name}`, async (entity) => {
    const found = await findLanes(wanted, site.declared);
    if (found === "missing") return { wanted, found, drift: [provisioning.missing(entity)] };
    if (typeof found === "object")
      return { wanted, found, drift: provisioning.differentLanes(entity, wanted.lanes, found.lanes) };
    const drift: Drift[] = [];
    for (const lane of lanesOf(wanted.lanes))
      drift.push(...(await differences(site.channels, declarationOf(wanted, lane))));
    return { wanted, found, drift };
  });
}

/** Creates it where it is missing, and binds it. */
function create(site: Site, { wanted, found }: Inspected): Promise<void> {
  return during(`${wanted.kind} ${wanted.name}`, async () => {
    const isThere = (await joined(site, wanted, found)) || found !== "missing";
    // First, so that where the lanes are there, it is too.
    if (wanted.kind === "queue" && wanted.lanes !== undefined)
      await site.channels.run((channel) => declare(channel, membersDeclaration(membersName(wanted.name))));
    for (const lane of lanesOf(wanted.lanes)) {
      const declaration = declarationOf(wanted, lane);
      if (!isThere) await site.channels.run((channel) => declare(channel, declaration));
      await bind(site, wanted, lane);
    }
  });
}

/** Rejects with what becomes of a failure of `work`. */
async function during<Answer>(entity: string, work: (entity: string) => Promise<Answer>): Promise<Answer> {
  try {
    return await work(entity);
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Whether a new group was given the history of its topic, which made its queues. */
async function joined(site: Site, { name, lanes, group }: Wanted, found: Found): Promise<boolean> {
  if (group?.from !== "earliest") return false;
  if (!(await site.declared.check({ kind: "queue", name: historyName(group.topic) }))) return false;
  const copying = { publisher: site.publisher, topic: group.topic, group: name, lanes };
  if (found === "missing" || (await isUnfinished(site, copying))) await joinWithHistory(site, copying);
  return true;
}

function declarationOf({ kind, name }: Wanted, lane: number | undefined): Declaration {
  const place = placeName(name, lane);
  return kind === "queue"
    ? queueDeclaration(place, { isLane: lane !== undefined })
    : exchangeDeclaration(place);
}

async function bind(site: Site, { kind, name, group }: Wanted, lane: number | undefined): Promise<void> {
  const place = placeName(name, lane);
  await bindDelivery(site, kind, place);
  if (group === undefined) return;
  const topic = placeName(group.topic, lane);
  await site.channels.run((channel) => channel.bindQueue(place, topic, ""));
}
