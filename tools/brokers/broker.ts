import type { Program } from "./processes.ts";

export const BROKERS = ["rabbitmq", "nats", "kafka", "postgres"] as const;
export type BrokerName = (typeof BROKERS)[number];

/** What is wanted: which broker, the newest or the oldest that is supported, and of how many nodes. */
export interface Wanted {
  readonly broker: BrokerName;
  readonly isOldest: boolean;
  readonly nodes: number;
}

/** One node of a broker, before it runs. Its ports and its folder stay the same over restarts. */
export interface Node {
  /** `rabbitmq-1`, unique among all that run. */
  readonly id: string;
  readonly folder: string;
  readonly ports: readonly number[];
}

/** How to have one kind of broker from nothing: what to download, how to run it, and how to know that it answers. */
export interface Recipe {
  /** The variable whose URL is used as it is. */
  readonly variable: string;
  /** The programs that make a download unnecessary, all of them on the path. */
  readonly programs: readonly string[];
  /** How many ports a node needs, without those of further listeners; its clients use the first. */
  readonly ports: number;
  /** What runs, by its version, for people. */
  readonly version: (isOldest: boolean) => string;
  /** Makes the programs available and answers where they are; `undefined` for those on the path. */
  readonly install: (isOldest: boolean) => Promise<string>;
  /** Everything that runs for one node: helpers first, the broker itself last. */
  readonly programsOf: (node: Node, site: Site) => readonly Program[] | Promise<readonly Program[]>;
  /** Whether a node answers its clients. */
  readonly answers: (node: Node) => Promise<boolean>;
  readonly url: (nodes: readonly Node[]) => string;
  /** Runs the broker's own tool, where there is one, and answers what it prints. */
  readonly tool?: (node: Node, site: Site, args: readonly string[]) => Promise<string>;
  /** What a user without the tools of the recipe can do. */
  readonly advice: string;
}

/** Somebody else listens where a node should. */
export class PortTaken extends Error {
  constructor({ id }: Node, port: number) {
    super(`Port ${port} of ${id} is taken: end what listens there, or take the broker down and up again.`);
  }
}

/** What the nodes of one broker share. */
export interface Site {
  /** Where it is installed; absent for programs on the path. */
  readonly home: string | undefined;
  /** All nodes of the cluster, this one among them. */
  readonly nodes: readonly Node[];
  /** Lines for the end of the broker's configuration file. */
  readonly config: readonly string[];
  /** The protocols by which each node listens besides, each at the next of its ports. */
  readonly listeners: readonly string[];
}

/** The name of what is wanted, under which it is recorded: `kafka-oldest-3`. */
export function nameOf({ broker, isOldest, nodes }: Wanted): string {
  return `${broker}${isOldest ? "-oldest" : ""}${nodes > 1 ? `-${nodes}` : ""}`;
}
