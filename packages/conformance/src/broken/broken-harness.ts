import type { Transport } from "@waybill/core/transport";
import type { Faults, Harness, World } from "../harness.ts";
import type { BrokenTransport } from "./broken-transport.ts";

/** Returns a harness whose transports are all broken in one way. It does not shrink failing cases: any failing case proves enough. */
export function brokenHarness(harness: Harness, broken: BrokenTransport): Harness {
  return {
    ...harness,
    name: `${harness.name} that ${broken.does}`,
    pace: { ...harness.pace, shrink: false },
    open: async () => brokenWorld(await harness.open(), broken),
  };
}

/** Wraps every transport of a world; faults apply to the working transport inside. */
function brokenWorld(world: World, broken: BrokenTransport): World {
  const breakOne = broken.breaker();
  const inside = new WeakMap<Transport, Transport>();
  return {
    ...world,
    async transport() {
      const inner = await world.transport();
      const broken = breakOne(inner, world.environment);
      inside.set(broken, inner);
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
