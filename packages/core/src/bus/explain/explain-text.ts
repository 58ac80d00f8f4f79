import { showMilliseconds } from "../../environment/duration.ts";
import type { ExplainedContract, ExplainedRetries, ExplainedSupport, Explanation } from "./explanation.ts";

/** Returns an explanation as text, with a paragraph for each contract. */
export function textOf(explanation: Omit<Explanation, "toString">): string {
  const { transport, contracts, outgoing, incoming, warnings } = explanation;
  return [
    `transport ${transport}`,
    ...contracts.flatMap(paragraphOf),
    `outgoing: ${outgoing.join(" > ")}`,
    `incoming: ${incoming.join(" > ")}`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join("\n");
}

function paragraphOf(contract: ExplainedContract): readonly string[] {
  const { kind, name, destination, owner, groups, guarantee, order, retries } = contract;
  const lines: readonly (readonly [string, string])[] = [
    ["goes to", `${destination.kind} ${destination.name}`],
    kind === "command"
      ? ["owner", owner ?? "another process"]
      : ["groups here", groups.length === 0 ? "none" : groups.join(", ")],
    ["guarantee", guarantee],
    ["order", orderText(order)],
    ...retries.map((each): readonly [string, string] => ["retries", retriesText(each, order !== undefined)]),
    ["delay", supportText(contract.delay)],
    ["history", historyText(contract.history)],
    ...contract.lossWindows.map((line): readonly [string, string] => ["can be lost", line]),
    ...contract.duplicateWindows.map((line): readonly [string, string] => ["duplicates", line]),
  ];
  return [`${kind} ${name}`, ...lines.map(([label, text]) => `  ${label.padEnd(12)}${text}`)];
}

function orderText(order: ExplainedContract["order"]): string {
  if (order === undefined) return "none: the contract has no key";
  const unit = order.unit === undefined || order.unit === "lane" ? "" : `, each a ${order.unit}`;
  return `messages with equal keys, over ${order.lanes} lanes${unit}`;
}

function retriesText({ service, immediate, delaysMs }: ExplainedRetries, isOrdered: boolean): string {
  const rounds = delaysMs.map(showMilliseconds).join(", ");
  const delayed = delaysMs.length === 0 ? "" : `, then after ${rounds}`;
  const order = isOrdered && delaysMs.length > 0 ? " (a delayed retry loses its place among equal keys)" : "";
  return `${service}: ${immediate} immediate${delayed}, then a dead letter${order}`;
}

function supportText(support: Partial<ExplainedSupport> | undefined): string {
  if (support?.level === undefined) return "known once the bus has started";
  return support.level === "native" ? "native" : `${support.level}: ${support.reason}`;
}

function historyText(history: ExplainedContract["history"]): string {
  if (history === undefined) return "none";
  return `${showMilliseconds(history.retainMs)}, ${supportText(history)}`;
}
