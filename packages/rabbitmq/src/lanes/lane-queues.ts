import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { laneName } from "../topology/names.ts";

/** A queue or exchange with one entity per lane, or without lanes. */
export interface LanedEntity {
  readonly kind: "exchange" | "queue";
  readonly name: string;
  readonly lanes: number | undefined;
}

/**
 * The result of a search: nothing exists, the wanted lanes exist, or another number of lanes (undefined without
 * lanes).
 */
export type Found = "missing" | "as wanted" | { readonly lanes: number | undefined };

/**
 * Finds the lanes of an entity on RabbitMQ. It checks as few names as possible: a check of a missing one costs a
 * channel.
 */
export async function findLanes(
  { kind, name, lanes }: LanedEntity,
  declared: DeclaredEntities,
): Promise<Found> {
  const has = (lane: number | undefined): Promise<boolean> =>
    declared.check({ kind, name: laneName(name, lane) });
  if (lanes === undefined) {
    if (await has(undefined)) return "as wanted";
    return (await has(0)) ? { lanes: await count(has) } : "missing";
  }
  if (!(await has(0))) return (await has(undefined)) ? { lanes: undefined } : "missing";
  const isWanted = (await has(lanes - 1)) && !(await has(lanes));
  return isWanted ? "as wanted" : { lanes: await count(has) };
}

async function count(has: (lane: number) => Promise<boolean>): Promise<number> {
  let lanes = 1;
  while (await has(lanes)) lanes += 1;
  return lanes;
}
