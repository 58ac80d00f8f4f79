import { MessagingError } from "../ground/messaging-error.ts";
import type { Contract } from "../message/contract.ts";
import type { BoundHandler, Inlet } from "../pipeline/incoming-message.ts";
import { recoveryPolicy, type RecoveryOptions } from "../recovery/policy.ts";
import type { GroupSpec, QueueSpec, Topology, TopicSpec } from "../spi/topology.ts";
import { Channels } from "./channels.ts";
import type { HandlerDeclaration, Service } from "./service.ts";

/** What a bus will consume, how much of it at a time, and what the broker must have for that. */
export interface Plan {
  readonly inlets: readonly PlannedInlet[];
  readonly topology: Topology;
  readonly channels: Channels;
}

export interface PlannedInlet extends Inlet {
  readonly concurrency: number;
}

export interface PlanInput {
  readonly services: readonly Service[];
  /** Contracts that are sent without being handled here. */
  readonly sends: readonly Contract[];
  readonly concurrency: number;
  readonly recovery: RecoveryOptions | undefined;
}

/**
 * Works out who consumes what. Pure: two plans of the same input are equal.
 * @throws MessagingError `duplicate-service`, `empty-service`, `duplicate-owner`, `conflicting-contracts`, `invalid-option`
 */
export function planOf(input: PlanInput): Plan {
  const channels = new Channels();
  const inlets: PlannedInlet[] = [];
  const groups: GroupSpec[] = [];
  const seen = new Set<string>();
  for (const service of input.services) {
    if (seen.has(service.name)) throw duplicate(service.name);
    seen.add(service.name);
    if (service.handlers.length === 0) throw empty(service.name);
    for (const { contract } of service.handlers) channels.add(contract, service.name);
    for (const [channel, handlers] of byChannel(service.handlers)) {
      const inlet = inletOf({ service, channel, declarations: handlers }, input);
      inlets.push(inlet);
      if (inlet.source.kind === "topic")
        groups.push({
          topic: channel,
          group: service.name,
          lanes: inlet.source.lanes,
          from: startOf(handlers),
        });
    }
  }
  for (const contract of input.sends) channels.add(contract, undefined);
  return { inlets, channels, topology: topologyOf(channels, groups, [...seen]) };
}

/** What one contract alone needs: for those that are sent without having been declared. */
export function topologyOfContract({ kind, channel, lanes, retainMs }: Contract): Topology {
  const queues: QueueSpec[] = kind === "command" ? [{ name: channel, lanes }] : [];
  const topics: TopicSpec[] = kind === "event" ? [{ name: channel, lanes, retainMs }] : [];
  return { queues, topics, groups: [], services: [] };
}

function topologyOf(channels: Channels, groups: readonly GroupSpec[], services: readonly string[]): Topology {
  const queues: QueueSpec[] = [];
  const topics: TopicSpec[] = [];
  for (const { name, kind, lanes, retainMs } of channels.all()) {
    if (kind === "command") queues.push({ name, lanes });
    else topics.push({ name, lanes, retainMs });
  }
  return { queues, topics, groups, services };
}

function byChannel(handlers: readonly HandlerDeclaration[]): Map<string, HandlerDeclaration[]> {
  const channels = new Map<string, HandlerDeclaration[]>();
  for (const declaration of handlers) {
    const { channel } = declaration.contract;
    const others = channels.get(channel);
    if (others === undefined) channels.set(channel, [declaration]);
    else others.push(declaration);
  }
  return channels;
}

/** The handlers of one service on one channel. */
interface Subscribed {
  readonly service: Service;
  readonly channel: string;
  readonly declarations: readonly HandlerDeclaration[];
}

function inletOf(
  { service, channel, declarations }: Subscribed,
  { concurrency, recovery }: PlanInput,
): PlannedInlet {
  const first = declarations[0]?.contract;
  const kind = first?.kind === "event" ? "topic" : "queue";
  const handlers = new Map<string, BoundHandler>();
  for (const { contract, handle, options } of declarations) {
    const policy = recoveryPolicy(recovery, service.options.recovery, options.recovery);
    handlers.set(contract.name, { contract, policy, handle: handle as BoundHandler["handle"] });
  }
  return {
    source: { kind, name: channel, group: service.name, lanes: first?.lanes },
    service: service.name,
    handlers,
    maxBytes: largestOf(declarations),
    plain: first?.plain && { type: first.name, source: channel, format: first.plain },
    skipsUnknown: kind === "topic" && declarations.some(({ contract }) => contract.channel !== contract.name),
    concurrency: service.options.concurrency ?? concurrency,
  };
}

/** What may be read before it is known which contract a message has. */
function largestOf(declarations: readonly HandlerDeclaration[]): number | undefined {
  const limits = declarations.map(({ contract }) => contract.maxBytes ?? Number.POSITIVE_INFINITY);
  const largest = Math.max(...limits);
  return Number.isFinite(largest) ? largest : undefined;
}

/** A channel is one stream to its group: if one contract wants the history, the group reads it. */
function startOf(handlers: readonly HandlerDeclaration[]): GroupSpec["from"] {
  return handlers.some(({ options }) => options.from === "earliest") ? "earliest" : "latest";
}

function duplicate(name: string): MessagingError {
  return new MessagingError("duplicate-service", {
    what: `Two services of this bus are called ${name}.`,
    advice: "Give one another name, or put their handlers into one service.",
  });
}

function empty(name: string): MessagingError {
  return new MessagingError("empty-service", {
    what: `Service ${name} has no handlers.`,
    advice:
      "Add one with handle or on (both give a new service: use what they return), or leave the service out.",
  });
}
