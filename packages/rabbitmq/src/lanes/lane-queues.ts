import type { DeclaredEntities } from "../publish/declared-entities.ts";
import { placeName } from "../topology/names.ts";

/** Something that lies in lanes, or in one piece. */
export interface Laned {
  readonly kind: "exchange" | "queue";
  readonly name: string;
  readonly lanes: number | undefined;
}

/** Whether something is there as wanted, or with how many lanes it is there instead. */
export type Found = "missing" | "as wanted" | { readonly lanes: number | undefined };

/** Asks the least: a question with the answer no costs a channel. */
export async function findLanes({ kind, name, lanes }: Laned, declared: DeclaredEntities): Promise<Found> {
  const has = (lane: number | undefined): Promise<boolean> =>
    declared.check({ kind, name: placeName(name, lane) });
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
