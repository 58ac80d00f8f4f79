import { RELEASE, type Settlement } from "../spi/settlement.ts";
import type { MaybePromise } from "./maybe-promise.ts";

/** What a message's turn does. Told whether it has waited for the turn. */
export type Turn = (hasWaited: boolean) => MaybePromise<Settlement>;

/** Runs turns of equal keys one after the other, in the order of the calls, and different keys concurrently. */
export interface KeyGate {
  /** Once one of a key is given back, those that wait behind it are too: order outlives a hand-over. One that fails holds up nobody. */
  inTurn(key: string, turn: Turn): MaybePromise<Settlement>;
}

export function createKeyGate(): KeyGate {
  const last = new Map<string, Promise<Settlement>>();
  return {
    inTurn(key, turn) {
      const before = last.get(key);
      const present =
        before === undefined
          ? turn(false)
          : before.then(
              (settlement) => (settlement.type === "release" ? RELEASE : turn(true)),
              () => turn(true),
            );
      if (!(present instanceof Promise)) return present;
      last.set(key, present);
      const leave = (): void => {
        if (last.get(key) === present) last.delete(key);
      };
      return present.then(
        (settlement) => {
          leave();
          return settlement;
        },
        (error: unknown) => {
          leave();
          throw error;
        },
      );
    },
  };
}
