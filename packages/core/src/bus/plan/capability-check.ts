import { MessagingError } from "../../environment/messaging-error.ts";
import { showMilliseconds } from "../../environment/duration.ts";
import { fullDelay } from "../../recovery/backoff.ts";
import type { Capabilities, CapabilityName } from "../../spi/capabilities.ts";
import type { Contract } from "../../message/contract.ts";
import type { Plan } from "./plan.ts";
import type { Transport } from "../../spi/transport.ts";

/** One thing that a route needs of the broker. */
interface Need {
  readonly capability: CapabilityName;
  readonly route: string;
  /** More than the broker's number for it, in words; absent when it suffices that it can be done at all. */
  readonly exceeds?: (capabilities: Capabilities) => string | undefined;
}

/**
 * Compares what the routes need with what the connected broker can do; names everything that is missing at once.
 * @throws MessagingError `capability-missing`
 */
export function checkCapabilities(plan: Plan, transport: Transport): void {
  refuse(needsOf(plan), transport);
}

/** The same for a contract that is sent without having been declared. */
export function checkContract(contract: Contract, transport: Transport): void {
  refuse(needsOfDestination(contract.kind, contract.destination, contract), transport);
}

function refuse(needs: readonly Need[], { name, capabilities }: Transport): void {
  const problems = needs.flatMap(({ route, capability, exceeds }) => {
    const { level, reason } = capabilities[capability];
    const problem = level === "none" ? reason : exceeds?.(capabilities);
    return problem === undefined ? [] : [`${route} needs ${capability} (${problem})`];
  });
  if (problems.length === 0) return;
  throw new MessagingError("capability-missing", {
    what: `The ${name} transport cannot carry ${problems.length} of the routes: ${problems.join("; ")}.`,
    advice: "Change the contracts or handlers named, or choose a broker that can.",
  });
}

function needsOf({ registry, consumers, topology }: Plan): readonly Need[] {
  const needs: Need[] = [];
  for (const { kind, name, lanes, retainMs } of registry.all())
    needs.push(...needsOfDestination(kind, name, { lanes, retainMs }));
  for (const { topic, group, from } of topology.groups)
    if (from === "earliest") needs.push({ capability: "history", route: `group ${group} of ${topic}` });
  for (const { source, handlers } of consumers) {
    const route = source.kind === "dead-letters" ? source.group : `${source.group} on ${source.name}`;
    needs.push({ capability: "deadLetters", route });
    for (const { policy, contract } of handlers.values())
      if (policy.rounds > 0)
        needs.push({
          capability: "retryDelay",
          route: `the delayed retries of ${contract.name} in ${source.group}`,
          exceeds: ({ retryDelay: { longestMs } }) =>
            fullDelay(policy, policy.rounds) > longestMs
              ? `the last comes after ${showMilliseconds(fullDelay(policy, policy.rounds))}, at most ${showMilliseconds(longestMs)} can be`
              : undefined,
        });
  }
  return needs;
}

function needsOfDestination(
  kind: Contract["kind"],
  name: string,
  facts: { readonly lanes: number | undefined; readonly retainMs?: number | undefined },
): readonly Need[] {
  const route = `${kind === "command" ? "queue" : "topic"} ${name}`;
  const needs: Need[] = [];
  const { lanes } = facts;
  if (lanes !== undefined)
    needs.push({
      capability: "order",
      route,
      exceeds: ({ order: { mostLanes } }) =>
        lanes > mostLanes ? `it has ${lanes} lanes, at most ${mostLanes} can be` : undefined,
    });
  if (facts.retainMs !== undefined) needs.push({ capability: "history", route });
  return needs;
}
