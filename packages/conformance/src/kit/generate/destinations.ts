import type { Source, Transport, WireMessage } from "@waybill/core/transport";
import { laneOf } from "@waybill/core/transport-kit/testing";
import type { Stage } from "../stage.ts";
import type { MessageParts } from "./messages.ts";

type Rest = Omit<MessageParts, "id" | "to" | "lane">;

/** A provisioned queue and the group that owns it. */
export interface Queue {
  readonly name: string;
  readonly group: string;
  readonly lanes: number | undefined;
  readonly source: Source;
  readonly deadLetters: Source;
  /** Returns a message for this queue; a key determines the lane. */
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

/** Provisions a queue with a new name and its owner. */
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
  /** The number of groups to provision with it; 1 by default. */
  readonly groups?: number;
  readonly lanes?: number;
  readonly retainMs?: number;
}

/** Provisions a topic with a new name and groups that start at the latest message. */
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

/** Adds a group to an existing topic and returns its name. */
export async function addGroup(
  stage: Stage,
  transport: Transport,
  { topic, from, retainMs }: AddGroupOptions,
): Promise<string> {
  const group = stage.names.next("group");
  await stage.provision(transport, {
    topics: [{ name: topic.name, lanes: topic.lanes, retainMs }],
    groups: [{ topic: topic.name, group, lanes: topic.lanes, from }],
    services: [group],
  });
  return group;
}

export interface AddGroupOptions {
  readonly topic: Topic;
  readonly from: "latest" | "earliest";
  /** The retention that the topic was provisioned with. */
  readonly retainMs: number | undefined;
}

function laneFor(key: string | undefined, lanes: number | undefined): number | undefined {
  return key === undefined || lanes === undefined ? undefined : laneOf(key, lanes);
}
