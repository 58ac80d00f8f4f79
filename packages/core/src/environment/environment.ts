import { type Clock, systemClock } from "./clock.ts";
import { type Random, systemRandom } from "./random.ts";

/** The sources of time and randomness: all that the library needs from outside besides a broker. */
export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
}

/** The clock and the randomness of the machine. */
export const systemEnvironment: Environment = { clock: systemClock, random: systemRandom };
