import { foreignDueTime } from "../scenarios/hostile/foreign-due-time.ts";
import type { Breakage } from "./breakage.ts";
import { keepingInHand } from "./change.ts";

export const waitsForAnyTime: Breakage = {
  does: "waits for the due time of a foreign message, whenever that is",
  caughtBy: foreignDueTime,
  breaker:
    () =>
    (sound, { clock }) =>
      keepingInHand(sound, ({ headers }) => Number(headers["waybill-due"]) > clock.now()),
};
