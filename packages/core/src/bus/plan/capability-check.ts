import { MessagingError } from "../../environment/messaging-error.ts";
import { showMilliseconds } from "../../environment/duration.ts";
import { fullDelay } from "../../recovery/backoff.ts";
import type { Capabilities, CapabilityName } from "../../spi/capabilities.ts";
import type { Contract } from "../../message/contract.ts";
import type { Plan } from "./plan.ts";
import type { Transport } from "../../spi/transport.ts";

/** One capability that a destination or a handler needs. */
interface Need {
  readonly capability: CapabilityName;
  /** The destination, group or retries that need it, for the error text. */
  readonly user: string;
  /** Returns why a limit of the broker is exceeded; undefined when none is. */
  readonly exceeds?: (capabilities: Capabilities) => string | undefined;
}

/**
 * Compares the capabilities that a plan needs with those of the connected broker.
 * @throws MessagingError `capability-missing`, which names every missing capability
 */
export function checkCapabilities(plan: Plan, transport: Transport): void {
  refuse(needsOf(plan), transport);
}

/** Does the same for a contract that is sent and not declared. @throws MessagingError `capability-missing` */
export function checkContract(contract: Contract, transport: Transport): void {
  refuse(needsOfDestination(contract.kind, contract.destination, contract), transport);
}

function refuse(needs: readonly Need[], { name, capabilities }: Transport): void {
  const problems = needs.flatMap(({ user, capability, exceeds }) => {
    const { level, reason } = capabilities[capability];
    const problem = level === "none" ? reason : exceeds?.(capabilities);
    return problem === undefined ? [] : [`${capability} for ${user} (${problem})`];
  });
  if (problems.length === 0) return;
  throw new MessagingError("capability-missing", {
    what: `The ${name} transport lacks ${problems.length === 1 ? "a capability" : `${problems.length} capabilities`}: ${problems.join("; ")}.`,
    advice: "Change these contracts or handlers, or choose a broker that has the capabilities.",
  });
}

function needsOf({ registry, consumers, topology }: Plan): readonly Need[] {
  const needs: Need[] = [];
  for (const { kind, name, lanes, retainMs } of registry.all())
    needs.push(...needsOfDestination(kind, name, { lanes, retainMs }));
  for (const { topic, group, from } of topology.groups)
    if (from === "earliest") needs.push({ capability: "history", user: `group ${group} of topic ${topic}` });
  for (const { source, handlers } of consumers) {
    const user = source.kind === "dead-letters" ? source.group : `${source.group} on ${source.name}`;
    needs.push({ capability: "deadLetters", user: `service ${user}` });
    for (const { policy, contract } of handlers.values())
      if (policy.rounds > 0)
        needs.push({
          capability: "retryDelay",
          user: `a delayed retry of ${contract.name} in service ${source.group}`,
          exceeds: ({ retryDelay: { longestMs } }) =>
            fullDelay(policy, policy.rounds) > longestMs
              ? `the longest retry delay is ${showMilliseconds(fullDelay(policy, policy.rounds))}; the broker allows ${showMilliseconds(longestMs)}`
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
  const user = `${kind === "command" ? "queue" : "topic"} ${name}`;
  const needs: Need[] = [];
  const { lanes } = facts;
  if (lanes !== undefined)
    needs.push({
      capability: "order",
      user,
      exceeds: ({ order: { mostLanes } }) =>
        lanes > mostLanes ? `needs ${lanes} lanes; at most ${mostLanes} are supported` : undefined,
    });
  if (facts.retainMs !== undefined) needs.push({ capability: "history", user });
  return needs;
}
