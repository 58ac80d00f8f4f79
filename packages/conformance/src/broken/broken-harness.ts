import type { Transport } from "@waybill/core/transport";
import type { Faults, Harness, World } from "../harness.ts";
import type { Breakage } from "./breakage.ts";

/** A harness whose transports are all broken in one way. One generated case is enough to be caught, and the search for a smaller one is left out. */
export function brokenHarness(harness: Harness, breakage: Breakage): Harness {
  return {
    ...harness,
    name: `${harness.name} that ${breakage.does}`,
    pace: { ...harness.pace, shrink: false },
    open: async () => brokenWorld(await harness.open(), breakage),
  };
}

/** Faults are meant for the sound transport inside a broken one. */
function brokenWorld(world: World, breakage: Breakage): World {
  const breakOne = breakage.breaker();
  const inside = new WeakMap<Transport, Transport>();
  return {
    ...world,
    async transport() {
      const sound = await world.transport();
      const broken = breakOne(sound, world.environment);
      inside.set(broken, sound);
      return broken;
    },
    ...(world.faults && { faults: faultsInside(world.faults, inside) }),
  };
}

function faultsInside(faults: Faults, inside: WeakMap<Transport, Transport>): Faults {
  const onSound =
    (fault: (transport: Transport) => Promise<void>) =>
    (broken: Transport): Promise<void> =>
      fault(inside.get(broken) ?? broken);
  const { cut, restore, reset, stall, resume, crash, loseConfirm } = faults;
  return {
    ...faults,
    ...(cut && { cut: onSound(cut) }),
    ...(restore && { restore: onSound(restore) }),
    ...(reset && { reset: onSound(reset) }),
    ...(stall && { stall: onSound(stall) }),
    ...(resume && { resume: onSound(resume) }),
    ...(crash && { crash: onSound(crash) }),
    ...(loseConfirm && { loseConfirm: onSound(loseConfirm) }),
  };
}
