import type { Depth, Source, Transport } from "@waybill/core/transport";
import { claim } from "./claim.ts";
import type { Stage } from "../stage.ts";

export interface WantedDepth {
  readonly source: Source;
  readonly ready: number;
  readonly unsettled: number;
  /** 0 by default. */
  readonly delayed?: number;
  /** Whether somebody consumes it; absent where that does not matter. */
  readonly isConsumed?: boolean;
}

/** Waits for a depth: brokers count with some delay. What is unsettled or delayed may be left untold. */
export async function awaitDepth(
  stage: Stage,
  transport: Transport,
  { source, ready, unsettled, delayed = 0, isConsumed }: WantedDepth,
): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const depth: Depth = await stage.time.finish("depth", transport.depth(source));
    const told = [depth.ready, depth.unsettled ?? unsettled, depth.delayed ?? delayed];
    const { members } = depth;
    const isAsConsumed = members === undefined || isConsumed === undefined || members > 0 === isConsumed;
    if (isAsConsumed && told.join() === [ready, unsettled, delayed].join()) return;
    claim(
      stage.time.now() < last,
      () =>
        `With ${ready} waiting, ${unsettled} unsettled and ${delayed} delayed the depth is ${JSON.stringify(depth)}.`,
    );
    await stage.time.elapse(stage.pace.stepMs);
  }
}
