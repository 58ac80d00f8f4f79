import { laneOf } from "@waybill/core/transport-kit/testing";
import type { Source, Transport, WireMessage } from "@waybill/core/transport";
import type { MessageParts } from "./messages.ts";
import type { Stage } from "../stage.ts";

type Rest = Omit<MessageParts, "id" | "to" | "lane">;

/** A provisioned queue with its owner. */
export interface Queue {
  readonly name: string;
  readonly group: string;
  readonly lanes: number | undefined;
  readonly source: Source;
  readonly deadLetters: Source;
  /** A message for it; a key chooses the lane. */
  message(parts?: Rest): WireMessage;
}

/** A provisioned topic. */
export interface Topic {
  readonly name: string;
  readonly lanes: number | undefined;
  readonly groups: readonly string[];
  source(group: string): Source;
  message(parts?: Rest): WireMessage;
}

/** Provisions a queue and its owner. */
export async function makeQueue(
  stage: Stage,
  transport: Transport,
  { lanes }: { readonly lanes?: number } = {},
): Promise<Queue> {
  const name = stage.names.next("queue");
  const group = stage.names.next("owner");
  await stage.provision(transport, { queues: [{ name, lanes }], services: [group] });
  return {
    name,
    group,
    lanes,
    source: { kind: "queue", name, group, lanes },
    deadLetters: { kind: "dead-letters", group },
    message: (parts = {}) =>
      stage.message({ ...parts, to: { kind: "queue", name }, lane: laneFor(parts.key, lanes) }),
  };
}

export interface TopicOptions {
  /** How many groups are provisioned with it; 1 by default. */
  readonly groups?: number;
  readonly lanes?: number;
  readonly retainMs?: number;
}

/** Provisions a topic with groups that see what is published from now on. */
export async function makeTopic(
  stage: Stage,
  transport: Transport,
  options: TopicOptions = {},
): Promise<Topic> {
  const { lanes, retainMs } = options;
  const name = stage.names.next("topic");
  const groups = Array.from({ length: options.groups ?? 1 }, () => stage.names.next("group"));
  const topic: Topic = {
    name,
    lanes,
    groups,
    source: (group) => ({ kind: "topic", name, group, lanes }),
    message: (parts = {}) =>
      stage.message({ ...parts, to: { kind: "topic", name }, lane: laneFor(parts.key, lanes) }),
  };
  await stage.provision(transport, {
    topics: [{ name, lanes, retainMs }],
    groups: groups.map((group) => ({ topic: name, group, lanes, from: "latest" as const })),
    services: groups,
  });
  return topic;
}

/** Adds a group to a topic that exists. */
export async function joinGroup(
  stage: Stage,
  transport: Transport,
  { topic, from, retainMs }: JoinOptions,
): Promise<string> {
  const group = stage.names.next("group");
  await stage.provision(transport, {
    topics: [{ name: topic.name, lanes: topic.lanes, retainMs }],
    groups: [{ topic: topic.name, group, lanes: topic.lanes, from }],
    services: [group],
  });
  return group;
}

export interface JoinOptions {
  readonly topic: Topic;
  readonly from: "latest" | "earliest";
  /** What the topic was provisioned with. */
  readonly retainMs: number | undefined;
}

function laneFor(key: string | undefined, lanes: number | undefined): number | undefined {
  return key === undefined || lanes === undefined ? undefined : laneOf(key, lanes);
}
