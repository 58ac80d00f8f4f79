import { createModel, type ProfileName } from "@waybill/testing/model";
import type { Random } from "@waybill/core/transport";
import type { Place } from "./place.ts";

const MOST_PASSES_MS = 200;

/** A profile as a place: what happens when is left to chance. */
export function modelPlace(profile: ProfileName, chance: Random): Place {
  const model = createModel(profile, chance);
  /** On a real broker time passes with everything that is done. */
  const letTimePass = async (): Promise<void> => {
    await model.settle();
    if (chance.next() < 0.3) await model.elapse(Math.floor(chance.next() * MOST_PASSES_MS));
  };
  return {
    environment: model.environment,
    prefix: "model",
    transport: () => model.transport(),
    settle: letTimePass,
    async until(isThere) {
      await letTimePass();
      // Nor does everything come while somebody is patient.
      if (!isThere() && chance.next() < 0.6) await model.rest();
      return isThere();
    },
    elapse: (ms) => model.elapse(ms),
    cut: async (transport) => model.cut(transport),
    restore: async (transport) => model.restore(transport),
    crash: async (transport) => model.crash(transport),
    // On a real network the connection may be lost before the message has left: then it is sent as if nothing had been.
    loseConfirm: async (transport) => void (chance.next() < 0.8 && model.loseConfirm(transport)),
    oneOf: (meant, all) =>
      chance.next() < 0.5 ? meant : (all[Math.floor(chance.next() * all.length)] ?? meant),
    membershipChanged(others) {
      for (const other of others) {
        model.giveBackUnseen(other);
        if (model.hasRebalances && chance.next() < 0.5) model.rebalance(other);
      }
    },
    close: async () => undefined,
  };
}
