import { RELEASE, type Settlement } from "../spi/settlement.ts";

/** Runs tasks of equal keys one after the other, in the order of the calls, and different keys concurrently. */
export interface KeyGate {
  /** The task never rejects. Once one of a key is given back, those that wait behind it are too: order outlives a hand-over. */
  inTurn(key: string, task: () => Promise<Settlement>): Promise<Settlement>;
}

export function createKeyGate(): KeyGate {
  const last = new Map<string, Promise<Settlement>>();
  return {
    async inTurn(key, task) {
      const before = last.get(key);
      const turn =
        before === undefined
          ? task()
          : before.then((settlement) => (settlement.type === "release" ? RELEASE : task()));
      last.set(key, turn);
      try {
        return await turn;
      } finally {
        if (last.get(key) === turn) last.delete(key);
      }
    },
  };
}
