import type { Contract } from "../../message/contract.ts";
import type { RecoveryPolicy } from "../../recovery/policy.ts";
import { fullDelay } from "../../recovery/backoff.ts";
import type { Capabilities } from "../../spi/capabilities.ts";
import type { ExplainedContract, ExplainedRetries, ExplainedSupport, Explanation } from "./explanation.ts";
import type { Plan, PlannedConsumer } from "../plan/plan.ts";
import { duplicateWindows, GUARANTEE, lossWindows } from "./loss-windows.ts";
import { textOf } from "./explain-text.ts";

export interface ExplainInput {
  readonly transport: string;
  readonly capabilities: Capabilities | undefined;
  readonly warnings: readonly string[];
  readonly plan: Plan;
  readonly outgoing: readonly string[];
  readonly incoming: readonly string[];
}

/** Returns the explanation of a bus, as data with a text. */
export function explain({ plan, ...facts }: ExplainInput): Explanation {
  const contracts = [...plan.registry.contracts()].map((contract) =>
    explainContract(contract, plan, facts.capabilities),
  );
  const explanation = { ...facts, contracts };
  return { ...explanation, toString: () => textOf(explanation) };
}

function explainContract(
  contract: Contract,
  { registry, consumers }: Plan,
  capabilities: Capabilities | undefined,
): ExplainedContract {
  const { kind, name, destination, lanes, retainMs } = contract;
  const handling = consumers.filter(
    ({ source, handlers }) =>
      source.kind !== "dead-letters" && source.name === destination && handlers.has(name),
  );
  return {
    kind,
    name,
    destination: { kind: kind === "command" ? "queue" : "topic", name: destination },
    owner: kind === "command" ? registry.ownerOf(destination) : undefined,
    groups: handling.map(({ service }) => service),
    guarantee: GUARANTEE,
    order: lanes === undefined ? undefined : { lanes, unit: capabilities?.order.unit },
    retries: handling.flatMap((consumer) => retriesOf(consumer, name)),
    delay: supportOf(capabilities?.deliverAt),
    history: retainMs === undefined ? undefined : { retainMs, ...supportOf(capabilities?.history) },
    lossWindows: lossWindows(contract, capabilities),
    duplicateWindows: duplicateWindows(contract, capabilities),
  };
}

function supportOf(capability: ExplainedSupport | undefined): ExplainedSupport | undefined {
  return capability === undefined ? undefined : { level: capability.level, reason: capability.reason };
}

function retriesOf({ service, handlers }: PlannedConsumer, type: string): readonly ExplainedRetries[] {
  const policy = handlers.get(type)?.policy;
  return policy === undefined ? [] : [{ service, immediate: policy.immediate, delaysMs: delaysOf(policy) }];
}

function delaysOf(policy: RecoveryPolicy): readonly number[] {
  return Array.from({ length: policy.rounds }, (_, round) => fullDelay(policy, round + 1));
}
