import { seededRandom } from "@waybill/core/transport-kit/testing";
import type { Random } from "@waybill/core/transport";

const TWO_TO_32 = 4_294_967_296;

/** Chance that writes down what it gave, and begins with what another gave before: a playing can be left where it was right. */
export interface RememberingChance extends Random {
  readonly drawn: readonly number[];
}

export function rememberingChance(seed: number, beginning: readonly number[] = []): RememberingChance {
  const fresh = seededRandom(seed);
  const drawn: number[] = [];
  const uint32 = (): number => {
    const number = beginning[drawn.length] ?? fresh.uint32();
    drawn.push(number);
    return number;
  };
  return { drawn, uint32, next: () => uint32() / TWO_TO_32 };
}
