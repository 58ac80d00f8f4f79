import type { JetStreamManager } from "@nats-io/jetstream";
import { MessagingError, type Drift, type Topology } from "@waybill/core/transport";
import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import {
  LANES,
  consumerDeclaration,
  deadLettersDeclaration,
  ownersDeclaration,
  queueDeclaration,
  topicDeclaration,
  type StreamSettings,
  type ConsumerDeclaration,
  type StreamDeclaration,
} from "./declarations.ts";
import { differences } from "./drift.ts";
import { isNotFound, isTaken, provisioningError } from "../errors.ts";
import {
  OWNER,
  consumerName,
  deadLettersStream,
  deadLettersSubject,
  groupConsumer,
  groupSubject,
  isPlain,
  queueStream,
  queueSubject,
  topicStream,
  topicSubject,
} from "./names.ts";

type Mode = "apply" | "verify";

/** What provisioning works with. */
export interface Site {
  readonly jsm: JetStreamManager;
  readonly care: StreamSettings;
  readonly mode: Mode;
}

/** A stream to have, and its consumers. */
interface Wanted {
  readonly stream: StreamDeclaration;
  readonly lanes: number | undefined;
  /** What it is for, by the name that an application knows. */
  readonly purpose: string;
  readonly consumers: readonly ConsumerDeclaration[];
}

/** Creates what is missing, or only says so; what exists is never changed. @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected` */
export async function provision(site: Site, topology: Topology): Promise<readonly Drift[]> {
  checkNames(topology);
  const { care } = site;
  const wanted: Wanted[] = [
    ...(usesLanes(topology)
      ? [{ stream: ownersDeclaration(care), lanes: undefined, purpose: "lanes", consumers: [] }]
      : []),
    ...topology.queues.map(({ name, lanes }) => ({
      stream: queueDeclaration(name, lanes, care),
      purpose: `queue ${name}`,
      lanes,
      consumers: lanesOf(lanes).map((lane) =>
        consumerDeclaration(
          {
            stream: queueStream(name),
            name: consumerName(OWNER, lane),
            subjects: [queueSubject(name, lane)],
          },
          care,
        ),
      ),
    })),
    ...topology.topics.map((topic) => ({
      stream: topicDeclaration(topic, care),
      purpose: `topic ${topic.name}`,
      lanes: topic.lanes,
      consumers: [],
    })),
    ...topology.services.map((service) => ({
      stream: deadLettersDeclaration(service, care),
      purpose: `dead letters of ${service}`,
      lanes: undefined,
      consumers: [
        consumerDeclaration(
          { stream: deadLettersStream(service), name: OWNER, subjects: [deadLettersSubject(service)] },
          care,
        ),
      ],
    })),
  ];
  const streams = await Promise.all(wanted.map((each) => ensureStream(site, each)));
  const groups = await Promise.all(topology.groups.map((group) => ensureGroup(site, group)));
  return [...streams, ...groups].flat();
}

function usesLanes({ queues, topics, groups }: Topology): boolean {
  return [...queues, ...topics, ...groups].some(({ lanes }) => lanes !== undefined);
}

async function ensureStream(
  site: Site,
  { stream, lanes, consumers, purpose }: Wanted,
): Promise<readonly Drift[]> {
  const entity = `stream ${stream.name} of ${purpose}`;
  try {
    let info = await found(site.jsm.streams.info(stream.name));
    if (info === undefined) {
      if (site.mode === "verify") return [provisioning.missing(entity)];
      info = await created(site.jsm.streams.add(stream), () => site.jsm.streams.info(stream.name));
    }
    const drift = provisioning.differentLanes(entity, lanes, lanesIn(info.config.metadata));
    if (drift.length > 0) return drift;
    const others = await Promise.all(consumers.map((consumer) => ensureConsumer(site, consumer)));
    return [...differences(entity, stream, info.config), ...others.flat()];
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Lanes that a stream does not have are told of the stream: the group is then not touched. */
async function ensureGroup(
  site: Site,
  { topic, group, lanes, from }: Topology["groups"][number],
): Promise<readonly Drift[]> {
  const stream = topicStream(topic);
  const entity = `stream ${stream} of topic ${topic}`;
  try {
    const info = await found(site.jsm.streams.info(stream));
    if (info === undefined)
      return [provisioning.missing(`consumer ${groupConsumer(group)} of stream ${stream}`)];
    const drift = provisioning.differentLanes(entity, lanes, lanesIn(info.config.metadata));
    if (drift.length > 0) return drift;
    const consumers = lanesOf(lanes).map((lane) =>
      consumerDeclaration(
        {
          stream,
          name: consumerName(groupConsumer(group), lane),
          subjects: [topicSubject(topic, lane), groupSubject(topic, group, lane)],
          isLate: from === "latest" || info.config.retention === "interest",
        },
        site.care,
      ),
    );
    return (await Promise.all(consumers.map((consumer) => ensureConsumer(site, consumer)))).flat();
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

async function ensureConsumer(
  { jsm, mode }: Site,
  { stream, config }: ConsumerDeclaration,
): Promise<readonly Drift[]> {
  const { durable_name: name } = config;
  const entity = `consumer ${name} of stream ${stream}`;
  try {
    let info = await found(jsm.consumers.info(stream, name));
    if (info === undefined) {
      if (mode === "verify") return [provisioning.missing(entity)];
      info = await created(jsm.consumers.add(stream, config), () => jsm.consumers.info(stream, name));
    }
    return differences(entity, config, info.config);
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** As a stream's metadata tells; `none` for one without. */
export function lanesIn(metadata: Readonly<Record<string, string>> | undefined): string {
  return metadata?.[LANES] ?? "none";
}

async function found<Info>(asked: Promise<Info>): Promise<Info | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What another instance made in the same moment, differently, is found instead. */
async function created<Info>(made: Promise<Info>, look: () => Promise<Info>): Promise<Info> {
  try {
    return await made;
  } catch (error) {
    if (isTaken(error)) return look();
    throw error;
  }
}

function checkNames({ queues, topics, groups, services }: Topology): void {
  const names = [
    ...[...queues, ...topics].map(({ name }) => name),
    ...groups.flatMap(({ topic, group }) => [topic, group]),
    ...services,
  ];
  const bad = names.find((name) => !isPlain(name));
  if (bad !== undefined)
    throw new MessagingError("provisioning-failed", {
      what: `${JSON.stringify(bad)} cannot be a name on NATS.`,
      advice: "Use letters, digits, dots, hyphens and underscores.",
    });
}
