import { MessagingError } from "../../environment/messaging-error.ts";
import type { Contract } from "../../message/contract.ts";
import type { BoundHandler, ConsumerPlan } from "../../pipeline/incoming/incoming-message.ts";
import { recoveryPolicy, type RecoveryOptions } from "../../recovery/policy.ts";
import type { GroupSpec, QueueSpec, Topology, TopicSpec } from "../../spi/topology.ts";
import { ContractRegistry } from "./contract-registry.ts";
import type { HandlerDeclaration, Service } from "./service.ts";

/** The consumers of a bus, and the topology that they need. */
export interface Plan {
  readonly consumers: readonly PlannedConsumer[];
  readonly topology: Topology;
  readonly registry: ContractRegistry;
}

export interface PlannedConsumer extends ConsumerPlan {
  /** How many of its messages are handled at a time. */
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
 * Computes the consumers and the topology of a bus. A pure function of its input.
 * @throws MessagingError `duplicate-service`, `empty-service`, `duplicate-owner`, `conflicting-contracts`, `invalid-option`
 */
export function planOf(input: PlanInput): Plan {
  const registry = new ContractRegistry();
  const consumers: PlannedConsumer[] = [];
  const groups: GroupSpec[] = [];
  const seen = new Set<string>();
  for (const service of input.services) {
    if (seen.has(service.name)) throw duplicateService(service.name);
    seen.add(service.name);
    if (service.handlers.length === 0) throw emptyService(service.name);
    for (const { contract } of service.handlers) registry.add(contract, service.name);
    for (const [destination, handlers] of byDestination(service.handlers)) {
      const consumer = consumerOf({ service, destination, declarations: handlers }, input);
      consumers.push(consumer);
      if (consumer.source.kind === "topic")
        groups.push({
          topic: destination,
          group: service.name,
          lanes: consumer.source.lanes,
          from: startOf(handlers),
        });
    }
  }
  for (const contract of input.sends) registry.add(contract, undefined);
  return { consumers, registry, topology: topologyOf(registry, groups, [...seen]) };
}

/** Returns the topology of one contract that is sent and not declared. */
export function topologyOfContract({ kind, destination, lanes, retainMs }: Contract): Topology {
  const queues: QueueSpec[] = kind === "command" ? [{ name: destination, lanes }] : [];
  const topics: TopicSpec[] = kind === "event" ? [{ name: destination, lanes, retainMs }] : [];
  return { queues, topics, groups: [], services: [] };
}

function topologyOf(
  registry: ContractRegistry,
  groups: readonly GroupSpec[],
  services: readonly string[],
): Topology {
  const queues: QueueSpec[] = [];
  const topics: TopicSpec[] = [];
  for (const { name, kind, lanes, retainMs } of registry.all()) {
    if (kind === "command") queues.push({ name, lanes });
    else topics.push({ name, lanes, retainMs });
  }
  return { queues, topics, groups, services };
}

function byDestination(handlers: readonly HandlerDeclaration[]): Map<string, HandlerDeclaration[]> {
  const found = new Map<string, HandlerDeclaration[]>();
  for (const declaration of handlers) {
    const { destination } = declaration.contract;
    const others = found.get(destination);
    if (others === undefined) found.set(destination, [declaration]);
    else others.push(declaration);
  }
  return found;
}

/** The handlers of one service on one destination. */
interface Subscribed {
  readonly service: Service;
  readonly destination: string;
  readonly declarations: readonly HandlerDeclaration[];
}

function consumerOf(
  { service, destination, declarations }: Subscribed,
  { concurrency, recovery }: PlanInput,
): PlannedConsumer {
  const first = declarations[0]?.contract;
  const kind = first?.kind === "event" ? "topic" : "queue";
  const handlers = new Map<string, BoundHandler>();
  for (const { contract, handle, options } of declarations) {
    const policy = recoveryPolicy(recovery, service.options.recovery, options.recovery);
    handlers.set(contract.name, { contract, policy, handle: handle as BoundHandler["handle"] });
  }
  return {
    source: { kind, name: destination, group: service.name, lanes: first?.lanes },
    service: service.name,
    handlers,
    maxBytes: largestOf(declarations),
    plain: first?.plain && { type: first.name, source: destination, format: first.plain },
    skipsUnknown:
      kind === "topic" && declarations.some(({ contract }) => contract.destination !== contract.name),
    concurrency: service.options.concurrency ?? concurrency,
  };
}

/**
 * Returns the largest `maxBytes` of the contracts of a source, the limit for a message whose contract is not known
 * yet; undefined when one of them has no limit.
 */
function largestOf(declarations: readonly HandlerDeclaration[]): number | undefined {
  const limits = declarations.map(({ contract }) => contract.maxBytes ?? Number.POSITIVE_INFINITY);
  const largest = Math.max(...limits);
  return Number.isFinite(largest) ? largest : undefined;
}

/** A group reads one stream of a topic: when one of its handlers asks for the history, all of them get it. */
function startOf(handlers: readonly HandlerDeclaration[]): GroupSpec["from"] {
  return handlers.some(({ options }) => options.from === "earliest") ? "earliest" : "latest";
}

function duplicateService(name: string): MessagingError {
  return new MessagingError("duplicate-service", {
    what: `Two services of this bus have the name ${name}.`,
    advice: "Give one another name, or put their handlers into one service.",
  });
}

function emptyService(name: string): MessagingError {
  return new MessagingError("empty-service", {
    what: `Service ${name} has no handlers.`,
    advice: "Add one with handle or on (both return a new service: use that one), or leave the service out.",
  });
}
