import { provisioningError } from "../errors.ts";
import { assignableUnits, partitionsIn } from "../lanes/assignable-units.ts";
import { GroupMember } from "../lanes/group-member.ts";
import { allTopicsOf } from "../topology/sources.ts";
import { TopicWatch } from "../topology/topic-watch.ts";
import { twoOwners } from "../warnings.ts";
import type { AssignedPartition } from "./assigned-partition.ts";
import { AssignedPartitions } from "./assigned-partitions.ts";
import { Committer } from "./committer.ts";
import type { KafkaDelivery } from "./delivery.ts";
import { Delays } from "./forward/delays.ts";
import { Forwarder } from "./forward/forwarder.ts";
import { ImmediateRetries } from "./forward/immediate-retries.ts";
import { SpillOver } from "./forward/spill-over.ts";
import { InFlight } from "./in-flight.ts";
import type { SubscriptionOptions } from "./subscription-options.ts";
import { Trim } from "./trim.ts";

/** Heartbeats of a member for each heartbeat of the transport: a member learns of a rebalance by its heartbeats. */
const MEMBER_HEARTBEATS = 3;

/** The parts of a subscription. */
export interface SubscriptionParts {
  readonly topicWatch: TopicWatch;
  readonly groupMember: GroupMember;
  readonly assigned: AssignedPartitions;
  readonly committer: Committer;
  /** Absent for dead letters, which are never delayed. */
  readonly delays: Delays | undefined;
  readonly trim: Trim;
  readonly spillOver: SpillOver;
  readonly forwarder: Forwarder;
  readonly immediateRetries: ImmediateRetries;
  readonly inFlight: InFlight;
}

/** The events that the parts report to their subscription, and the state of it that they read. */
export interface SubscriptionEvents {
  /** Returns how many deliveries may be unsettled. */
  readonly window: () => number;
  readonly isDraining: () => boolean;
  /** Called after a change that may allow further messages to be dispatched or fetched. */
  readonly onProgress: () => void;
  /** Called after a successful commit, for which the first messages of a partition wait. */
  readonly onCommitted: () => void;
  /** Called when a delivery cannot be stored elsewhere at the moment, and no longer counts in the window. */
  readonly onRest: () => void;
  /** Called when a delivery is settled. */
  readonly onFree: (delivery: KafkaDelivery) => void;
  /** Called when a message of a partition is settled, or waits in its partition again. */
  readonly onSettled: (partition: AssignedPartition) => void;
  readonly onTopicsLookedUp: () => void;
}

/** Creates the parts of a subscription. Nothing runs until the member starts. */
export function createParts(options: SubscriptionOptions, events: SubscriptionEvents): SubscriptionParts {
  const { cluster, environment, sourceTopics } = options;
  const { clock } = environment;
  const { window, isDraining, onProgress, onRest, onFree, onSettled } = events;
  const inFlight = new InFlight();
  const forwarder = new Forwarder({ ...options, inFlight, onRest, onFree, onSettled });
  const topicWatch = new TopicWatch({ ...options, clock });
  const groupMember = createMember(options, {
    ownedUnits: () => assigned.ownedUnits(),
    onAssigned: (units) => {
      assigned.assign(units);
      onProgress();
    },
    onExpelled: () => {
      inFlight.revokeAll();
      assigned.loseAll();
    },
    onAlive: onProgress,
  });
  const assigned: AssignedPartitions = new AssignedPartitions({
    ...options,
    groupMember,
    isGone: (topic) => topicWatch.isGone(topic),
    onLookedUp: events.onTopicsLookedUp,
    isPaused: () => window() === 0 || isDraining(),
    onRecords: onProgress,
    onResumed: onProgress,
    stopDelays: (partition) => delays?.stop(partition),
    commit: () => committer.flush(),
  });
  const partitions = (): Iterable<AssignedPartition> => assigned.all();
  const committer: Committer = new Committer({
    ...options,
    groupMember,
    partitions,
    window: () => Math.max(window(), inFlight.size) + inFlight.resting,
    onCommitted: events.onCommitted,
  });
  const delays = createDelays(options, forwarder, onSettled);
  const spillOver = new SpillOver({
    ...options,
    isWindowFull: () => inFlight.size >= window() && window() > 0 && !isDraining(),
    partitions,
    partitionCount: () => cluster.partitionCountOf(sourceTopics.ownTopic),
    onSettled,
  });
  const trim = new Trim({ ...options, clock, partitions });
  const immediateRetries = new ImmediateRetries(clock);
  const rest = { delays, trim, spillOver, forwarder, immediateRetries, inFlight };
  return { topicWatch, groupMember, assigned, committer, ...rest };
}

type MemberEvents = Pick<
  ConstructorParameters<typeof GroupMember>[0],
  "ownedUnits" | "onAssigned" | "onExpelled" | "onAlive"
>;

function createMember(options: SubscriptionOptions, events: MemberEvents): GroupMember {
  const { cluster, sourceTopics, group, heartbeatMs, warn } = options;
  const { groupId } = sourceTopics;
  const partitionCountOf = (topic: string): number => cluster.partitionCountOf(topic);
  return new GroupMember({
    ...options,
    ...events,
    groupId,
    topics: allTopicsOf(sourceTopics),
    service: group,
    heartbeatMs: heartbeatMs / MEMBER_HEARTBEATS,
    assignableUnits: () => assignableUnits(sourceTopics, partitionCountOf),
    partitionsOf: (unit) => partitionsIn(sourceTopics, partitionCountOf, unit),
    onOtherService: (other) => warn(twoOwners(groupId, group, other)),
    onRefused: (error) => warn(provisioningError(`group ${groupId}`, error).message),
  });
}

function createDelays(
  options: SubscriptionOptions,
  { forwarding }: Forwarder,
  onSettled: (partition: AssignedPartition) => void,
): Delays | undefined {
  const { ownTopic, delayTopic, lanes } = options.sourceTopics;
  return delayTopic === undefined
    ? undefined
    : new Delays({ ...options, forwarding, delayTopic, targetTopic: ownTopic, lanes, onSettled });
}
