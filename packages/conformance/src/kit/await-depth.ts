import type { Depth, Source, Transport } from "@waybill/core/transport";
import { claim } from "./claim.ts";
import type { Stage } from "./stage.ts";

export interface WantedDepth {
  readonly source: Source;
  readonly ready: number;
  readonly unsettled: number;
}

/** Waits for a depth: brokers count with some delay. What is unsettled may be left untold. */
export async function awaitDepth(
  stage: Stage,
  transport: Transport,
  { source, ready, unsettled }: WantedDepth,
): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const depth: Depth = await stage.time.finish("depth", transport.depth(source));
    if (depth.ready === ready && (depth.unsettled ?? unsettled) === unsettled) return;
    claim(
      stage.time.now() < last,
      () => `With ${ready} waiting and ${unsettled} unsettled the depth is ${JSON.stringify(depth)}.`,
    );
    await stage.time.elapse(stage.pace.stepMs);
  }
}
