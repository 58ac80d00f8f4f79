import { describeThrown } from "@waybill/core/transport-kit";
import { BrokenPromise } from "./observe/claim.ts";
import type { Stage } from "./stage.ts";

/** What a call was refused with; nothing when it succeeded. A wait of the kit that ran out is no refusal. */
export async function refusalOf(stage: Stage, call: () => Promise<unknown>): Promise<unknown> {
  try {
    await stage.time.finish("the call", call());
    return undefined;
  } catch (refusal) {
    if (refusal instanceof BrokenPromise) throw refusal;
    return refusal;
  }
}

/** How a call ended, for a failure's text. */
export function ending(refusal: unknown): string {
  return refusal === undefined ? "success" : describeThrown(refusal);
}
