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
import { needsBackfill, backfillGroup, type TopologyContext } from "./history.ts";
import { findLanes, type Found, type LanedEntity } from "../lanes/lane-queues.ts";
import { deadLettersName, groupName, historyName, membersName, laneName } from "./names.ts";
import type { Publisher } from "../publish/publisher.ts";

type Mode = "apply" | "verify";

/** The parts of the transport that provisioning uses. */
export interface ProvisionContext extends TopologyContext {
  readonly publisher: Publisher;
}

/** A queue or exchange that the topology needs. */
interface WantedEntity extends LanedEntity {
  /** For the queue of a group: its topic, and the position at which the group starts. */
  readonly group?: Pick<Topology["groups"][number], "topic" | "from">;
}

/** The comparison of a needed queue or exchange with RabbitMQ. */
interface Inspection {
  readonly wanted: WantedEntity;
  readonly found: Found;
  readonly drift: readonly Drift[];
}

/**
 * Creates the missing exchanges, queues and bindings, or only reports them in mode `verify`. Existing ones are never changed.
 * Everything is compared first: if anything differs, nothing is created or bound. Resolves with the drift.
 * @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected`
 */
export async function provision(
  context: ProvisionContext,
  topology: Topology,
  mode: Mode,
): Promise<readonly Drift[]> {
  const inspectAll = (all: readonly WantedEntity[]): Promise<readonly Inspection[]> =>
    Promise.all(all.map((wanted) => inspect(context, wanted)));
  const delays = await missingDelays(context);
  const exchanges = await inspectAll(
    topology.topics.map(({ name, lanes }) => ({ kind: "exchange" as const, name, lanes })),
  );
  const queues = await inspectAll([
    ...topology.queues.map(({ name, lanes }) => ({ kind: "queue" as const, name, lanes })),
    ...topology.services.map((service) => ({
      kind: "queue" as const,
      name: deadLettersName(service),
      lanes: undefined,
    })),
  ]);
  const histories = await Promise.all(
    topology.topics.map((topic, at) => inspectHistory(context, topic, exchanges[at]?.found)),
  );
  const groups = await inspectAll(topology.groups.map(groupQueue));
  const drift = [
    ...delays,
    ...exchanges.flatMap((each) => each.drift),
    ...queues.flatMap((each) => each.drift),
    ...histories.flat(),
    ...groups.flatMap((each) => each.drift),
  ];
  if (mode === "verify") return drift;
  const different = drift.filter(({ kind }) => kind === "different");
  if (different.length > 0) return different;
  if (delays.length > 0) await createDelays(context);
  // Streams come first, because an exchange without a stream belongs to a topic without history.
  const retained = topology.topics.filter(({ retainMs }) => retainMs !== undefined);
  await Promise.all(retained.map((topic) => createHistory(context, topic)));
  await Promise.all([...exchanges, ...queues].map((each) => create(context, each)));
  await Promise.all(retained.map((topic) => bindHistory(context, topic)));
  await Promise.all(groups.map((each) => create(context, each)));
  return [];
}

function groupQueue({ topic, group, lanes, from }: Topology["groups"][number]): WantedEntity {
  return { kind: "queue", name: groupName(topic, group), lanes, group: { topic, from } };
}

/** Compares the history stream of a topic that retains messages. */
async function inspectHistory(
  { channels, declared }: ProvisionContext,
  { name, retainMs }: Topology["topics"][number],
  exchange: Found | undefined,
): Promise<readonly Drift[]> {
  if (retainMs === undefined) return [];
  const declaration = historyDeclaration(historyName(name), retainMs);
  return translateErrors(`queue ${declaration.name}`, async (entity) => {
    if (await declared.check({ kind: "queue", name: declaration.name }))
      return differences(channels, declaration);
    if (exchange === "missing" || exchange === undefined) return [provisioning.missing(entity)];
    const found = { expected: `${retainMs} ms`, actual: "none" };
    return [provisioning.different(`topic ${name}`, "retain", found)];
  });
}

function createHistory(
  { channels }: ProvisionContext,
  { name, retainMs = 0 }: Topology["topics"][number],
): Promise<void> {
  const declaration = historyDeclaration(historyName(name), retainMs);
  return translateErrors(`queue ${declaration.name}`, () =>
    channels.run((channel) => declare(channel, declaration)),
  );
}

/** Binds the history stream each time, because a process may have died before it bound the stream. */
function bindHistory(
  { channels }: ProvisionContext,
  { name, lanes }: Topology["topics"][number],
): Promise<void> {
  const queue = historyName(name);
  return translateErrors(`queue ${queue}`, () =>
    channels.run(async (channel) => {
      for (const lane of lanesOf(lanes)) await channel.bindQueue(queue, laneName(name, lane), "");
    }),
  );
}

function inspect(context: ProvisionContext, wanted: WantedEntity): Promise<Inspection> {
  return translateErrors(`${wanted.kind} ${wanted.name}`, async (entity) => {
    const found = await findLanes(wanted, context.declared);
    if (found === "missing") return { wanted, found, drift: [provisioning.missing(entity)] };
    if (typeof found === "object")
      return { wanted, found, drift: provisioning.differentLanes(entity, wanted.lanes, found.lanes) };
    const drift: Drift[] = [];
    for (const lane of lanesOf(wanted.lanes))
      drift.push(...(await differences(context.channels, declarationOf(wanted, lane))));
    return { wanted, found, drift };
  });
}

/** Creates a queue or exchange if it is missing, and binds it. */
function create(context: ProvisionContext, { wanted, found }: Inspection): Promise<void> {
  return translateErrors(`${wanted.kind} ${wanted.name}`, async () => {
    const exists = (await backfilled(context, wanted, found)) || found !== "missing";
    // The members queue is created first, so that it exists whenever the lanes exist.
    if (wanted.kind === "queue" && wanted.lanes !== undefined)
      await context.channels.run((channel) => declare(channel, membersDeclaration(membersName(wanted.name))));
    for (const lane of lanesOf(wanted.lanes)) {
      const declaration = declarationOf(wanted, lane);
      if (!exists) await context.channels.run((channel) => declare(channel, declaration));
      await bind(context, wanted, lane);
    }
  });
}

/** Rejects with the coded error for `entity` if `work` fails. */
async function translateErrors<Answer>(
  entity: string,
  work: (entity: string) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work(entity);
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Backfills a new group that starts with the history of its topic. Resolves with true if the queues of the group exist now. */
async function backfilled(
  context: ProvisionContext,
  { name, lanes, group }: WantedEntity,
  found: Found,
): Promise<boolean> {
  if (group?.from !== "earliest") return false;
  if (!(await context.declared.check({ kind: "queue", name: historyName(group.topic) }))) return false;
  const backfill = { publisher: context.publisher, topic: group.topic, group: name, lanes };
  if (found === "missing" || (await needsBackfill(context, backfill))) await backfillGroup(context, backfill);
  return true;
}

function declarationOf({ kind, name }: WantedEntity, lane: number | undefined): Declaration {
  const full = laneName(name, lane);
  return kind === "queue"
    ? queueDeclaration(full, { isLane: lane !== undefined })
    : exchangeDeclaration(full);
}

async function bind(
  context: ProvisionContext,
  { kind, name, group }: WantedEntity,
  lane: number | undefined,
): Promise<void> {
  const full = laneName(name, lane);
  await bindDelivery(context, kind, full);
  if (group === undefined) return;
  const topic = laneName(group.topic, lane);
  await context.channels.run((channel) => channel.bindQueue(full, topic, ""));
}
