import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { DEDUP_WINDOW_MS } from "../capabilities.ts";
import {
  LANES_STREAM,
  LANES_SUBJECTS,
  deadLettersStream,
  deadLettersSubject,
  groupSubject,
  queueStream,
  queueSubject,
  topicStream,
  topicSubject,
} from "./names.ts";

/** The settings of all streams and consumers that the adapter creates. */
export interface StreamSettings {
  readonly replicas: number;
  readonly leaseMs: number;
}

/** The declaration of a stream. Absent properties have the server's defaults. */
export type StreamDeclaration = Partial<StreamConfig> & Pick<StreamConfig, "name" | "subjects">;

/** The declaration of a consumer and the name of its stream. */
export interface ConsumerDeclaration {
  readonly stream: string;
  readonly config: Partial<ConsumerConfig> & { readonly durable_name: string };
}

/** The metadata key of the number of lanes of a stream. */
export const LANES = "waybill-lanes";

export function queueDeclaration(
  name: string,
  lanes: number | undefined,
  settings: StreamSettings,
): StreamDeclaration {
  return {
    name: queueStream(name),
    subjects: [queueSubject(name, "*")],
    retention: RetentionPolicy.Workqueue,
    ...common(settings),
    ...(lanes !== undefined && { metadata: { [LANES]: String(lanes) } }),
  };
}

export interface TopicShape {
  readonly name: string;
  readonly lanes: number | undefined;
  readonly retainMs: number | undefined;
}

/**
 * Returns the declaration of the stream of a topic. Without retention the stream deletes a message once all groups
 * have it; with retention it keeps the message for later groups.
 */
export function topicDeclaration(
  { name, lanes, retainMs }: TopicShape,
  settings: StreamSettings,
): StreamDeclaration {
  return {
    name: topicStream(name),
    subjects: [topicSubject(name, "*"), groupSubject(name, "*", "*")],
    ...(retainMs === undefined
      ? { retention: RetentionPolicy.Interest }
      : { retention: RetentionPolicy.Limits, max_age: nanos(retainMs) }),
    ...common(settings),
    ...(lanes !== undefined && { metadata: { [LANES]: String(lanes) } }),
  };
}

export function deadLettersDeclaration(service: string, settings: StreamSettings): StreamDeclaration {
  return {
    name: deadLettersStream(service),
    subjects: [deadLettersSubject(service)],
    retention: RetentionPolicy.Workqueue,
    ...common(settings),
  };
}

/** Returns the declaration of the stream that keeps the last claim of each lane's owner. */
export function lanesDeclaration({ replicas }: StreamSettings): StreamDeclaration {
  return {
    name: LANES_STREAM,
    subjects: [LANES_SUBJECTS],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    max_msgs_per_subject: 1,
    allow_direct: true,
    num_replicas: replicas,
  };
}

function common({ replicas }: StreamSettings): Partial<StreamConfig> {
  return {
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    duplicate_window: nanos(DEDUP_WINDOW_MS),
    num_replicas: replicas,
  };
}

export interface ConsumerShape {
  readonly stream: string;
  readonly name: string;
  readonly subjects: readonly string[];
  /** Whether the consumer reads only messages that are published after its creation. Default false. */
  readonly readsOnlyNew?: boolean;
}

/**
 * Returns the declaration of a durable consumer. Core limits the deliveries of a message; after `max_deliver` the server
 * would leave it in the stream and deliver it to nobody. The number of unacknowledged messages has no limit, because
 * delayed messages count as unacknowledged.
 */
export function consumerDeclaration(
  { stream, name, subjects, readsOnlyNew = false }: ConsumerShape,
  { leaseMs }: StreamSettings,
): ConsumerDeclaration {
  const [subject = ""] = subjects;
  return {
    stream,
    config: {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(leaseMs),
      deliver_policy: readsOnlyNew ? DeliverPolicy.New : DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      max_deliver: -1,
      max_ack_pending: -1,
      ...(subjects.length === 1 ? { filter_subject: subject } : { filter_subjects: [...subjects] }),
    },
  };
}
