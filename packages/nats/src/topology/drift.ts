import type { Drift } from "@waybill/core/transport";
import { provisioning } from "@waybill/core/transport-kit";

type Properties = Readonly<Record<string, unknown>>;

/**
 * Returns the differences of an entity from its declaration. A server silently drops properties that it is too old to
 * know; these count as different.
 */
export function differences(entity: string, declared: object, actual: object): readonly Drift[] {
  const has = actual as Properties;
  return Object.entries(declared as Properties)
    .filter(([property]) => !NOT_COMPARED.has(property))
    .map(([property, value]) => [property, shown(property, value), shown(property, has[property])] as const)
    .filter(([, expected, found]) => expected !== found)
    .map(([property, expected, found]) =>
      provisioning.different(entity, property, { expected, actual: found }),
    );
}

/** Properties that are not compared: the start of a consumer has no effect later, and the lanes are compared separately. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["deliver_policy", "metadata"]);

/** Properties in nanoseconds, which are shown as milliseconds. */
const TIMES: ReadonlySet<string> = new Set(["max_age", "ack_wait", "duplicate_window"]);

function shown(property: string, value: unknown): string {
  if (value === undefined) return "none";
  if (TIMES.has(property)) return `${Number(value) / 1_000_000} ms`;
  return Array.isArray(value) ? value.map(String).toSorted(compare).join(", ") : String(value);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
