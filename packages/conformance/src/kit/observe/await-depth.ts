import type { Depth, Source, Transport } from "@waybill/core/transport";
import type { Stage } from "../stage.ts";
import { assertThat } from "./assert.ts";

export interface WantedDepth {
  readonly source: Source;
  readonly ready: number;
  readonly unsettled: number;
  /** 0 by default. */
  readonly delayed?: number;
  /** Whether the source has consumers; absent where that does not matter. */
  readonly isConsumed?: boolean;
}

/** Waits for a depth, because brokers count with a delay. A transport may omit the unsettled and delayed counts. */
export async function awaitDepth(
  stage: Stage,
  transport: Transport,
  { source, ready, unsettled, delayed = 0, isConsumed }: WantedDepth,
): Promise<void> {
  const last = stage.time.deadline();
  for (;;) {
    const depth: Depth = await stage.time.finish("depth", transport.depth(source));
    const reported = [depth.ready, depth.unsettled ?? unsettled, depth.delayed ?? delayed];
    const { members } = depth;
    const isAsConsumed = members === undefined || isConsumed === undefined || members > 0 === isConsumed;
    if (isAsConsumed && reported.join() === [ready, unsettled, delayed].join()) return;
    assertThat(
      stage.time.now() < last,
      () =>
        `With ${ready} waiting, ${unsettled} unsettled and ${delayed} delayed messages the reported depth is ${JSON.stringify(depth)}.`,
    );
    await stage.time.elapse(stage.pace.stepMs);
  }
}
