import type { Capabilities, SupportLevel } from "../../spi/capabilities.ts";

/** How a bus routes, handles and retries messages: data that JSON can express, and a text for people. */
export interface Explanation {
  readonly transport: string;
  /** Known once the bus has started. */
  readonly capabilities: Capabilities | undefined;
  readonly contracts: readonly ExplainedContract[];
  /** The steps of every outgoing message, in order. */
  readonly outgoing: readonly string[];
  /** The steps of every incoming message, in order. */
  readonly incoming: readonly string[];
  /** Warnings about the options of the bus, such as ignored options of another broker. */
  readonly warnings: readonly string[];
  toString(): string;
}

/** One contract on this broker. The parts that depend on the broker are known once the bus has started. */
export interface ExplainedContract {
  readonly kind: "command" | "event";
  readonly name: string;
  readonly destination: { readonly kind: "queue" | "topic"; readonly name: string };
  /** The service that owns a command; undefined when another process runs it. */
  readonly owner: string | undefined;
  /** The services of this process that handle it. */
  readonly groups: readonly string[];
  readonly guarantee: string;
  /** How messages with equal keys keep their order: in lanes, each one of the broker's units. Undefined for a contract without a key. */
  readonly order: { readonly lanes: number; readonly unit: string | undefined } | undefined;
  readonly retries: readonly ExplainedRetries[];
  /** How the broker supports `delay` and `deliverAt`. */
  readonly delay: ExplainedSupport | undefined;
  /** The history that new groups can read. Undefined for a contract that retains nothing. */
  readonly history: (Partial<ExplainedSupport> & { readonly retainMs: number }) | undefined;
  /** The situations in which messages can be lost. */
  readonly lossWindows: readonly string[];
  /** The situations in which messages can be stored or handled twice. */
  readonly duplicateWindows: readonly string[];
}

export interface ExplainedSupport {
  readonly level: SupportLevel;
  readonly reason: string;
}

/** The retries of a handler that fails, before its message becomes a dead letter. */
export interface ExplainedRetries {
  readonly service: string;
  /** Immediate retries in each attempt. */
  readonly immediate: number;
  /** The delay before each further attempt; random jitter shortens it. */
  readonly delaysMs: readonly number[];
}
