import type { Deliver } from "@waybill/core/transport";
import { lanesSpread } from "../scenarios/consuming/lanes-spread.ts";
import type { Breakage } from "./breakage.ts";
import { changedSubscribe } from "./change.ts";

export const oneMemberTakesAll: Breakage = {
  does: "keeps all lanes with the member that came first",
  caughtBy: lanesSpread,
  breaker: () => {
    const first = new Map<string, Deliver>();
    return (sound) =>
      changedSubscribe(sound, (source, deliver) => {
        const name = JSON.stringify(source);
        const owner = first.get(name) ?? deliver;
        first.set(name, owner);
        return owner;
      });
  },
};
