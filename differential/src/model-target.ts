import { createModel, type ProfileName } from "@waybill/testing/model";
import type { Random } from "@waybill/core/transport";
import type { Target } from "./target.ts";

const MAX_STEP_MS = 200;

/** Creates a target from a profile; the random number generator decides which of the allowed steps happen, and when. */
export function modelTarget(profile: ProfileName, rng: Random): Target {
  const model = createModel(profile, rng);
  /** Lets some time pass, sometimes: on a real broker every step takes time. */
  const passTime = async (): Promise<void> => {
    await model.settle();
    if (rng.next() < 0.3) await model.elapse(Math.floor(rng.next() * MAX_STEP_MS));
  };
  return {
    environment: model.environment,
    prefix: "model",
    transport: () => model.transport(),
    settle: passTime,
    async until(holds) {
      await passTime();
      // The model does not always wait long enough: a wait on a real broker may also end too early.
      if (!holds() && rng.next() < 0.6) await model.rest();
      return holds();
    },
    elapse: (ms) => model.elapse(ms),
    cut: async (transport) => model.cut(transport),
    restore: async (transport) => model.restore(transport),
    crash: async (transport) => model.crash(transport),
    // On a real network the cut may come before the message leaves; the resend is then the only copy.
    loseConfirm: async (transport) => void (rng.next() < 0.8 && model.loseConfirm(transport)),
    oneOf: (intended, all) =>
      rng.next() < 0.5 ? intended : (all[Math.floor(rng.next() * all.length)] ?? intended),
    membershipChanged(others) {
      for (const other of others) {
        model.releaseUnseen(other);
        if (model.hasRebalances && rng.next() < 0.5) model.rebalance(other);
      }
    },
    close: async () => undefined,
  };
}
