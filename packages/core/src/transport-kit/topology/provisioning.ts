import { MessagingError } from "../../environment/messaging-error.ts";
import type { Drift } from "../../spi/topology.ts";

/** Returns the drift of an entity that the broker does not have. */
function missing(entity: string): Drift {
  return { kind: "missing", entity, property: undefined, expected: undefined, actual: undefined };
}

/** Returns the drift of one property of an entity that exists. */
function different(
  entity: string,
  property: string,
  { expected, actual }: { readonly expected: string; readonly actual: string },
): Drift {
  return { kind: "different", entity, property, expected, actual };
}

/** Returns the drift of an entity's lanes; empty when they are as the contract declares them. */
function differentLanes(
  entity: string,
  expected: number | undefined,
  actual: number | string | undefined,
): readonly Drift[] {
  const [wanted, found] = [String(expected ?? "none"), String(actual ?? "none")];
  return wanted === found ? [] : [different(entity, "lanes", { expected: wanted, actual: found })];
}

/**
 * Returns the error of a subscription whose entity does not exist.
 * @param entity by the broker's own name, such as `queue orders`
 */
function unknownSource(broker: string, entity: string, lanes?: number): MessagingError {
  return new MessagingError("unroutable", {
    what: `${broker} has no ${entity}${lanes === undefined ? "" : ` with ${lanes} lanes`}.`,
    advice: "Provision it first, with the lanes of its contract.",
  });
}

/** The drift and the errors that all adapters report. */
export interface Provisioning {
  readonly missing: typeof missing;
  readonly different: typeof different;
  readonly differentLanes: typeof differentLanes;
  readonly unknownSource: typeof unknownSource;
}

/** For adapters: creates the drift and the errors of provisioning in the form that core expects. */
export const provisioning: Provisioning = { missing, different, differentLanes, unknownSource };

/**
 * For adapters: returns the lanes of an entity, last first; one `undefined` for an entity without lanes. Entities are
 * created in this order, so that all lanes exist once lane 0 does, also while another process creates them.
 */
export function lanesOf(lanes: number | undefined): readonly (number | undefined)[] {
  return lanes === undefined ? [undefined] : Array.from({ length: lanes }, (_, at) => lanes - 1 - at);
}
