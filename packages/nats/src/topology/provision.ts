import type { JetStreamManager } from "@nats-io/jetstream";
import { MessagingError, type Drift, type Topology } from "@waybill/core/transport";
import { lanesOf, provisioning } from "@waybill/core/transport-kit";
import {
  LANES,
  consumerDeclaration,
  deadLettersDeclaration,
  lanesDeclaration,
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

/** The means of provisioning. */
export interface ProvisionContext {
  readonly jsm: JetStreamManager;
  readonly settings: StreamSettings;
  readonly mode: Mode;
}

/** A stream of the topology and its consumers. */
interface StreamPlan {
  readonly stream: StreamDeclaration;
  readonly lanes: number | undefined;
  /** The part of the topology that it serves, for error texts. */
  readonly purpose: string;
  readonly consumers: readonly ConsumerDeclaration[];
}

/** Creates missing streams and consumers, or only reports them. Existing ones are never changed. @throws MessagingError `provisioning-failed`, `not-permitted`, `disconnected` */
export async function provision(context: ProvisionContext, topology: Topology): Promise<readonly Drift[]> {
  checkNames(topology);
  const { settings } = context;
  const plans: StreamPlan[] = [
    ...(usesLanes(topology)
      ? [{ stream: lanesDeclaration(settings), lanes: undefined, purpose: "lanes", consumers: [] }]
      : []),
    ...topology.queues.map(({ name, lanes }) => ({
      stream: queueDeclaration(name, lanes, settings),
      purpose: `queue ${name}`,
      lanes,
      consumers: lanesOf(lanes).map((lane) =>
        consumerDeclaration(
          {
            stream: queueStream(name),
            name: consumerName(OWNER, lane),
            subjects: [queueSubject(name, lane)],
          },
          settings,
        ),
      ),
    })),
    ...topology.topics.map((topic) => ({
      stream: topicDeclaration(topic, settings),
      purpose: `topic ${topic.name}`,
      lanes: topic.lanes,
      consumers: [],
    })),
    ...topology.services.map((service) => ({
      stream: deadLettersDeclaration(service, settings),
      purpose: `dead letters of ${service}`,
      lanes: undefined,
      consumers: [
        consumerDeclaration(
          { stream: deadLettersStream(service), name: OWNER, subjects: [deadLettersSubject(service)] },
          settings,
        ),
      ],
    })),
  ];
  const streams = await Promise.all(plans.map((plan) => provisionStream(context, plan)));
  const groups = await Promise.all(topology.groups.map((group) => provisionGroup(context, group)));
  return [...streams, ...groups].flat();
}

function usesLanes({ queues, topics, groups }: Topology): boolean {
  return [...queues, ...topics, ...groups].some(({ lanes }) => lanes !== undefined);
}

async function provisionStream(
  context: ProvisionContext,
  { stream, lanes, consumers, purpose }: StreamPlan,
): Promise<readonly Drift[]> {
  const entity = `stream ${stream.name} of ${purpose}`;
  try {
    let info = await ifFound(context.jsm.streams.info(stream.name));
    if (info === undefined) {
      if (context.mode === "verify") return [provisioning.missing(entity)];
      info = await createdOrFound(context.jsm.streams.add(stream), () =>
        context.jsm.streams.info(stream.name),
      );
    }
    const drift = provisioning.differentLanes(entity, lanes, lanesIn(info.config.metadata));
    if (drift.length > 0) return drift;
    const others = await Promise.all(consumers.map((consumer) => provisionConsumer(context, consumer)));
    return [...differences(entity, stream, info.config), ...others.flat()];
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Creates the consumers of a group. If the stream has another number of lanes, only that drift is reported. */
async function provisionGroup(
  context: ProvisionContext,
  { topic, group, lanes, from }: Topology["groups"][number],
): Promise<readonly Drift[]> {
  const stream = topicStream(topic);
  const entity = `stream ${stream} of topic ${topic}`;
  try {
    const info = await ifFound(context.jsm.streams.info(stream));
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
          readsOnlyNew: from === "latest" || info.config.retention === "interest",
        },
        context.settings,
      ),
    );
    return (await Promise.all(consumers.map((consumer) => provisionConsumer(context, consumer)))).flat();
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

async function provisionConsumer(
  { jsm, mode }: ProvisionContext,
  { stream, config }: ConsumerDeclaration,
): Promise<readonly Drift[]> {
  const { durable_name: name } = config;
  const entity = `consumer ${name} of stream ${stream}`;
  try {
    let info = await ifFound(jsm.consumers.info(stream, name));
    if (info === undefined) {
      if (mode === "verify") return [provisioning.missing(entity)];
      info = await createdOrFound(jsm.consumers.add(stream, config), () => jsm.consumers.info(stream, name));
    }
    return differences(entity, config, info.config);
  } catch (error) {
    throw provisioningError(entity, error);
  }
}

/** Returns the number of lanes in the metadata of a stream, or `none`. */
export function lanesIn(metadata: Readonly<Record<string, string>> | undefined): string {
  return metadata?.[LANES] ?? "none";
}

async function ifFound<Info>(lookup: Promise<Info>): Promise<Info | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Returns the created entity. If another instance created it at the same moment, maybe with other properties, returns
 * that one.
 */
async function createdOrFound<Info>(creation: Promise<Info>, lookUp: () => Promise<Info>): Promise<Info> {
  try {
    return await creation;
  } catch (error) {
    if (isTaken(error)) return lookUp();
    throw error;
  }
}

function checkNames({ queues, topics, groups, services }: Topology): void {
  const names = [
    ...[...queues, ...topics].map(({ name }) => name),
    ...groups.flatMap(({ topic, group }) => [topic, group]),
    ...services,
  ];
  const invalid = names.find((name) => !isPlain(name));
  if (invalid !== undefined)
    throw new MessagingError("provisioning-failed", {
      what: `${JSON.stringify(invalid)} is not a valid name on NATS.`,
      advice: "Use letters, digits, dots, hyphens and underscores.",
    });
}
