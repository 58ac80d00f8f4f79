import { MessagingError } from "../ground/messaging-error.ts";
import type { Capabilities, CapabilityName } from "../spi/capabilities.ts";
import type { Contract } from "../message/contract.ts";
import type { Plan } from "./plan.ts";
import type { Transport } from "../spi/transport.ts";

/** One thing that a route needs of the broker. */
interface Need {
  readonly capability: CapabilityName;
  readonly route: string;
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
  refuse(needsOfDestination(contract.kind, contract.channel, contract), transport);
}

function refuse(needs: readonly Need[], { name, capabilities }: Transport): void {
  const missing = needs.filter(({ capability }) => capabilities[capability].level === "none");
  const lanes = needs.length === 0 ? [] : missing;
  if (lanes.length === 0) return;
  const lines = lanes.map(
    ({ route, capability }) => `${route} needs ${capability} (${reasonOf(capabilities, capability)})`,
  );
  throw new MessagingError("capability-missing", {
    what: `The ${name} transport cannot carry ${lines.length} of the routes: ${lines.join("; ")}.`,
    advice: "Change the contracts or handlers named, or choose a broker that can.",
  });
}

function reasonOf(capabilities: Capabilities, name: CapabilityName): string {
  return capabilities[name].reason;
}

function needsOf({ channels, inlets, topology }: Plan): readonly Need[] {
  const needs: Need[] = [];
  for (const { kind, name, lanes, retainMs } of channels.all())
    needs.push(...needsOfDestination(kind, name, { lanes, retainMs }));
  for (const { topic, group, from } of topology.groups)
    if (from === "earliest") needs.push({ capability: "history", route: `group ${group} of ${topic}` });
  for (const { source, handlers } of inlets) {
    const route = source.kind === "dead-letters" ? source.group : `${source.group} on ${source.name}`;
    needs.push({ capability: "deadLetters", route });
    for (const { policy, contract } of handlers.values())
      if (policy.rounds > 0)
        needs.push({
          capability: "retryDelay",
          route: `the delayed retries of ${contract.name} in ${source.group}`,
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
  if (facts.lanes !== undefined) needs.push({ capability: "order", route });
  if (facts.retainMs !== undefined) needs.push({ capability: "history", route });
  return needs;
}
