import type { Capabilities, SupportLevel } from "../../spi/capabilities.ts";

/** How messages move on a bus, as data that JSON can write; its text is for people. */
export interface Explanation {
  readonly transport: string;
  /** Known once the bus has been started. */
  readonly capabilities: Capabilities | undefined;
  readonly contracts: readonly ExplainedContract[];
  /** The steps of every message that leaves, and of every message that comes, in order. */
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
  /** What was said in vain, such as options of a broker that does not run. */
  readonly notices: readonly string[];
  toString(): string;
}

/** What one contract means on this broker. What depends on the broker is known once the bus has been started. */
export interface ExplainedContract {
  readonly kind: "command" | "event";
  readonly name: string;
  readonly destination: { readonly kind: "queue" | "topic"; readonly name: string };
  /** The service that owns a command; absent when another process runs it. */
  readonly owner: string | undefined;
  /** The services of this process that handle it. */
  readonly groups: readonly string[];
  readonly guarantee: string;
  /** What keeps its order: lanes of keys, each one of the broker's units. Absent for a contract without a key. */
  readonly order: { readonly lanes: number; readonly unit: string | undefined } | undefined;
  readonly retries: readonly ExplainedRetries[];
  /** Whether it can be sent for later, and who does it. */
  readonly delay: ExplainedSupport | undefined;
  /** What is kept for groups that come later, and who keeps it. Absent for a contract that retains nothing. */
  readonly history: (Partial<ExplainedSupport> & { readonly retainMs: number }) | undefined;
  /** What can be lost, and when. */
  readonly lossWindows: readonly string[];
  /** What can be stored or handled twice, and when. */
  readonly duplicateWindows: readonly string[];
}

export interface ExplainedSupport {
  readonly level: SupportLevel;
  readonly reason: string;
}

/** What is done about a handler that fails, before its message is a dead letter. */
export interface ExplainedRetries {
  readonly service: string;
  /** Further tries at once, in each round. */
  readonly immediate: number;
  /** Before each further round, before chance shortens it. */
  readonly delaysMs: readonly number[];
}
