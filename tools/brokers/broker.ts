import type { Program } from "./processes.ts";

export const BROKERS = ["rabbitmq", "nats", "kafka", "postgres"] as const;
export type BrokerName = (typeof BROKERS)[number];

/** The requested broker: its name, newest or oldest supported version, and number of nodes. */
export interface BrokerSpec {
  readonly broker: BrokerName;
  readonly isOldest: boolean;
  readonly nodes: number;
}

/** A node of a broker before its start. Its ports and its folder stay the same over restarts. */
export interface Node {
  /** A unique name: `rabbitmq-1`. */
  readonly id: string;
  readonly folder: string;
  readonly ports: readonly number[];
}

/** Installs, starts and probes one kind of broker. */
export interface Recipe {
  /** The environment variable with the URL of a broker to use instead. */
  readonly variable: string;
  /** The programs that make a download unnecessary if all of them are on the path. */
  readonly programs: readonly string[];
  /** The number of ports of a node, without those of further listeners; clients use the first port. */
  readonly ports: number;
  /** The broker's version, as the user reads it. */
  readonly version: (isOldest: boolean) => string;
  /** Installs the programs and returns their folder; `undefined` means that they are on the path. */
  readonly install: (isOldest: boolean) => Promise<string>;
  /** Returns the programs of one node: helpers first, the broker itself last. */
  readonly programsOf: (node: Node, cluster: Cluster) => readonly Program[] | Promise<readonly Program[]>;
  /** Returns whether a node answers its clients. */
  readonly answers: (node: Node) => Promise<boolean>;
  readonly url: (nodes: readonly Node[]) => string;
  /** Runs the broker's command-line tool, if it has one, and returns its output. */
  readonly tool?: (node: Node, cluster: Cluster, args: readonly string[]) => Promise<string>;
  /** Advice for a user without the tools of the recipe. */
  readonly advice: string;
}

/** The error when another program listens on a node's port. */
export class PortTaken extends Error {
  constructor({ id }: Node, port: number) {
    super(
      `Port ${port} of ${id} is taken: stop the program that listens there, or take the broker down and up again.`,
    );
  }
}

/** The settings that the nodes of one broker share. */
export interface Cluster {
  /** The folder of the programs; `undefined` for programs on the path. */
  readonly home: string | undefined;
  /** All nodes of the cluster, including this one. */
  readonly nodes: readonly Node[];
  /** Lines to append to the broker's configuration file. */
  readonly config: readonly string[];
  /** The protocols of further listeners; each node uses its next port for each of them. */
  readonly listeners: readonly string[];
}

/** Returns the name under which a broker is recorded: `kafka-oldest-3`. */
export function nameOf({ broker, isOldest, nodes }: BrokerSpec): string {
  return `${broker}${isOldest ? "-oldest" : ""}${nodes > 1 ? `-${nodes}` : ""}`;
}
