import { type Clock, systemClock } from "./clock.ts";
import { type Random, systemRandom } from "./random.ts";

/** Time and chance: all that the library takes from outside besides the broker. */
export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
}

/** The machine's own. */
export const systemEnvironment: Environment = { clock: systemClock, random: systemRandom };
