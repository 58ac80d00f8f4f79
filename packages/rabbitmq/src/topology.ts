import { lanesOf, type Drift, type GroupSpec, type Topology, type TopicSpec } from "@waybill/core/transport";
import {
  declare,
  exchangeDeclaration,
  historyDeclaration,
  membersDeclaration,
  queueDeclaration,
  type Declaration,
} from "./declarations.ts";
import { bindDelivery, ensureDelays } from "./delay-topology.ts";
import { differences } from "./drift.ts";
import { provisioningError } from "./errors.ts";
import { isUnfinished, joinWithHistory, type HistorySite } from "./history.ts";
import { findLanes, type Found, type Laned } from "./lanes.ts";
import { deadLettersName, groupName, historyName, membersName, placeName } from "./names.ts";
import type { Publisher } from "./publisher.ts";

type Mode = "apply" | "verify";

/** What provisioning works with. */
export interface Site extends HistorySite {
  readonly publisher: Publisher;
}

/** Something to have. */
interface Wanted extends Laned {
  /** Which topic a group's queue is bound to, and where the group starts. */
  readonly group?: Pick<GroupSpec, "topic" | "from">;
}

/** Creates what is missing, or only says so; what exists is never changed. @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected` */
export async function provision(site: Site, topology: Topology, mode: Mode): Promise<readonly Drift[]> {
  const ensureAll = async (all: readonly Wanted[]): Promise<readonly Drift[]> =>
    (await Promise.all(all.map((wanted) => ensure(site, wanted, mode)))).flat();
  const delays = await ensureDelays(site, mode);
  const places = await ensureAll([
    ...topology.queues.map(({ name, lanes }) => ({ kind: "queue" as const, name, lanes })),
    ...topology.topics.map(({ name, lanes }) => ({ kind: "exchange" as const, name, lanes })),
    ...topology.services.map((service) => ({
      kind: "queue" as const,
      name: deadLettersName(service),
      lanes: undefined,
    })),
  ]);
  const histories = await Promise.all(topology.topics.map((topic) => ensureHistory(site, topic, mode)));
  return [...delays, ...places, ...histories.flat(), ...(await ensureAll(topology.groups.map(groupQueue)))];
}

function groupQueue({ topic, group, lanes, from }: GroupSpec): Wanted {
  return { kind: "queue", name: groupName(topic, group), lanes, group: { topic, from } };
}

/** The stream beside the queues of a topic that retains. */
async function ensureHistory(
  { channels, existence }: Site,
  { name, lanes, retainMs }: TopicSpec,
  mode: Mode,
): Promise<readonly Drift[]> {
  if (retainMs === undefined) return [];
  const declaration = historyDeclaration(historyName(name), retainMs);
  const entity = `queue ${declaration.name}`;
  try {
    if (await existence.check({ kind: "queue", name: declaration.name }))
      return await differences(channels, declaration);
    if (mode === "verify") return [missing(entity)];
    await channels.run(async (channel) => {
      await declare(channel, declaration);
      for (const lane of lanesOf(lanes)) await channel.bindQueue(declaration.name, placeName(name, lane), "");
    });
    return [];
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

async function ensure(site: Site, wanted: Wanted, mode: Mode): Promise<readonly Drift[]> {
  const entity = `${wanted.kind} ${wanted.name}`;
  try {
    let found = await findLanes(wanted, site.existence);
    if (found === "missing" && mode === "verify") return [missing(entity)];
    if (typeof found === "object") {
      const [expected, actual] = [wanted.lanes, found.lanes].map((lanes) => String(lanes ?? "none"));
      return [{ kind: "different", entity, property: "lanes", expected, actual }];
    }
    if (mode === "apply" && (await joined(site, wanted, found))) found = "as wanted";
    const drift: Drift[] = [];
    // First, so that where the lanes are there, it is too.
    if (wanted.kind === "queue" && wanted.lanes !== undefined && mode === "apply")
      await site.channels.run((channel) => declare(channel, membersDeclaration(membersName(wanted.name))));
    for (const lane of lanesOf(wanted.lanes)) {
      const declaration = declarationOf(wanted, lane);
      if (found === "as wanted") drift.push(...(await differences(site.channels, declaration)));
      else await site.channels.run((channel) => declare(channel, declaration));
      if (mode === "apply") await bind(site, wanted, lane);
    }
    return drift;
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Whether a new group was given the history of its topic, which made its queues. */
async function joined(site: Site, { name, lanes, group }: Wanted, found: Found): Promise<boolean> {
  if (group?.from !== "earliest") return false;
  if (!(await site.existence.check({ kind: "queue", name: historyName(group.topic) }))) return false;
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

function missing(entity: string): Drift {
  return { kind: "missing", entity, property: undefined, expected: undefined, actual: undefined };
}
