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

/** What the settings say of everything that is created. */
export interface StreamSettings {
  readonly replicas: number;
  readonly leaseMs: number;
}

/** How a stream is declared; what is not said is the server's default. */
export type StreamDeclaration = Partial<StreamConfig> & Pick<StreamConfig, "name" | "subjects">;

/** How a consumer is declared, and on which stream. */
export interface ConsumerDeclaration {
  readonly stream: string;
  readonly config: Partial<ConsumerConfig> & { readonly durable_name: string };
}

/** Under this name the number of lanes stands in a stream's metadata. */
export const LANES = "waybill-lanes";

export function queueDeclaration(
  name: string,
  lanes: number | undefined,
  care: StreamSettings,
): StreamDeclaration {
  return {
    name: queueStream(name),
    subjects: [queueSubject(name, "*")],
    retention: RetentionPolicy.Workqueue,
    ...common(care),
    ...(lanes !== undefined && { metadata: { [LANES]: String(lanes) } }),
  };
}

export interface TopicShape {
  readonly name: string;
  readonly lanes: number | undefined;
  readonly retainMs: number | undefined;
}

/** Without retention a message goes when all groups have it; with retention it stays for groups to come. */
export function topicDeclaration(
  { name, lanes, retainMs }: TopicShape,
  care: StreamSettings,
): StreamDeclaration {
  return {
    name: topicStream(name),
    subjects: [topicSubject(name, "*"), groupSubject(name, "*", "*")],
    ...(retainMs === undefined
      ? { retention: RetentionPolicy.Interest }
      : { retention: RetentionPolicy.Limits, max_age: nanos(retainMs) }),
    ...common(care),
    ...(lanes !== undefined && { metadata: { [LANES]: String(lanes) } }),
  };
}

export function deadLettersDeclaration(service: string, care: StreamSettings): StreamDeclaration {
  return {
    name: deadLettersStream(service),
    subjects: [deadLettersSubject(service)],
    retention: RetentionPolicy.Workqueue,
    ...common(care),
  };
}

/** The last word of each lane's owner. */
export function ownersDeclaration({ replicas }: StreamSettings): StreamDeclaration {
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
  /** Starts with what is published from now on, where its stream keeps more. */
  readonly isLate?: boolean;
}

/**
 * Giving up is core's, so the server never does: it would leave the message where nobody gets it. And no limit of what
 * is out: a message that waits for its time counts as such.
 */
export function consumerDeclaration(
  { stream, name, subjects, isLate = false }: ConsumerShape,
  { leaseMs }: StreamSettings,
): ConsumerDeclaration {
  const [subject = ""] = subjects;
  return {
    stream,
    config: {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(leaseMs),
      deliver_policy: isLate ? DeliverPolicy.New : DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      max_deliver: -1,
      max_ack_pending: -1,
      ...(subjects.length === 1 ? { filter_subject: subject } : { filter_subjects: [...subjects] }),
    },
  };
}
