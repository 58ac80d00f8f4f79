import { describeThrown } from "@waybill/core/transport-kit";
import { BrokenPromise } from "./observe/assert.ts";
import type { Stage } from "./stage.ts";

/** Returns the error of a call; undefined when it succeeded. @throws BrokenPromise when the call does not end */
export async function refusalOf(stage: Stage, call: () => Promise<unknown>): Promise<unknown> {
  try {
    await stage.time.finish("the call", call());
    return undefined;
  } catch (refusal) {
    if (refusal instanceof BrokenPromise) throw refusal;
    return refusal;
  }
}

/** Describes the end of a call, for a failure message. */
export function describeEnd(refusal: unknown): string {
  return refusal === undefined ? "success" : describeThrown(refusal);
}
