import { seededRandom } from "@waybill/core/transport-kit/testing";
import type { Random } from "@waybill/core/transport";

const TWO_TO_32 = 4_294_967_296;

/** A random number generator that records its numbers, so that another run can repeat a part of this one. */
export interface RecordingRng extends Random {
  readonly drawn: readonly number[];
}

/** @param prefix the numbers to return first, recorded in an earlier run */
export function recordingRng(seed: number, prefix: readonly number[] = []): RecordingRng {
  const fresh = seededRandom(seed);
  const drawn: number[] = [];
  const uint32 = (): number => {
    const number = prefix[drawn.length] ?? fresh.uint32();
    drawn.push(number);
    return number;
  };
  return { drawn, uint32, next: () => uint32() / TWO_TO_32 };
}
