import type { Capabilities } from "../spi/capabilities.ts";
import type { Plan } from "./plan.ts";

/** How messages move on a bus, as data; its text is for people. */
export interface Explanation {
  readonly transport: string;
  /** Known once the bus has been started. */
  readonly capabilities: Capabilities | undefined;
  readonly destinations: readonly ExplainedDestination[];
  /** The steps of every message that leaves, and of every message that comes, in order. */
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
  toString(): string;
}

export interface ExplainedDestination {
  readonly kind: "queue" | "topic";
  readonly name: string;
  /** The service that owns a queue; absent when another process runs it. */
  readonly owner: string | undefined;
  /** The services of this process that consume it. */
  readonly groups: readonly string[];
  /** Lanes of keys in order, or nothing for no order. */
  readonly lanes: number | undefined;
  readonly retainMs: number | undefined;
  /** What happens when a handler fails, by message type and service. */
  readonly recovery: readonly string[];
}

export interface ExplainInput {
  readonly transport: string;
  readonly capabilities: Capabilities | undefined;
  readonly plan: Plan;
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
}

export function explain({ transport, capabilities, plan, outgoing, incoming }: ExplainInput): Explanation {
  const destinations = [...plan.channels.all()].map(({ name, kind, lanes, retainMs, owner }) => {
    const inlets = plan.inlets.filter(({ source }) => source.kind !== "dead-letters" && source.name === name);
    return {
      kind: kind === "command" ? ("queue" as const) : ("topic" as const),
      name,
      owner,
      groups: inlets.map(({ service }) => service),
      lanes,
      retainMs,
      recovery: inlets.flatMap(({ service, handlers }) =>
        [...handlers].map(([type, { policy }]) => `${type} in ${service}: ${recoveryText(policy, lanes)}`),
      ),
    };
  });
  const explanation = { transport, capabilities, destinations, outgoing, incoming };
  return { ...explanation, toString: () => textOf(explanation) };
}

function recoveryText(
  {
    immediate,
    rounds,
    firstMs,
    factor,
  }: { immediate: number; rounds: number; firstMs: number; factor: number },
  lanes: number | undefined,
): string {
  const delayed = rounds === 0 ? "" : `, ${rounds} delayed from ${firstMs} ms by ${factor}`;
  const order =
    rounds > 0 && lanes !== undefined ? " (a delayed message loses its place in the order of its key)" : "";
  return `${immediate} retries at once${delayed}, then a dead letter${order}`;
}

function textOf({ transport, destinations, outgoing, incoming }: Omit<Explanation, "toString">): string {
  const lines = destinations.flatMap(({ kind, name, owner, groups, lanes, retainMs, recovery }) => [
    `${kind} ${name}: ${lanes === undefined ? "no order" : `order by key over ${lanes} lanes`}${retainMs === undefined ? "" : `, history of ${retainMs} ms`}`,
    ...(kind === "queue"
      ? [`  owner: ${owner ?? "another process"}`]
      : [`  groups here: ${groups.join(", ") || "none"}`]),
    ...recovery.map((line) => `  ${line}`),
  ]);
  return [
    `transport ${transport}`,
    ...lines,
    `outgoing: ${outgoing.join(" > ")}`,
    `incoming: ${incoming.join(" > ")}`,
  ].join("\n");
}
