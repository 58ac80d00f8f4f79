import { setImmediate } from "node:timers/promises";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { Faults, World } from "../harness.ts";
import type { RawWriter } from "../raw-writer.ts";
import { networkFaults, type NetworkOptions } from "./network-faults.ts";

export interface RealWorldOptions extends NetworkOptions {
  /** Further faults, such as `block` and `unblock`; they replace faults of the network and the process with the same name. */
  readonly faults?: Faults;
  /** The world closes it. */
  readonly raw?: RawWriter;
}

/** Returns a world for a broker in a process of its own: with the system clock, and with a proxy for every transport. */
export function realWorld(options: RealWorldOptions): World {
  const network = networkFaults(options);
  const active: ActiveFaults = new Map();
  return {
    environment: systemEnvironment,
    transport: () => network.transport(),
    elapse: (ms) => sleep(systemEnvironment.clock, ms),
    settle: () => setImmediate(),
    connections: network.connections,
    traffic: network.traffic,
    ...(options.raw && { raw: options.raw }),
    faults: recorded({ ...network.faults, ...options.faults }, active),
    async close() {
      // A fault that a failed scenario did not end must not affect the next scenario.
      for (const end of active.values()) await end();
      await options.raw?.close();
      await network.close();
    },
  };
}

/** The active faults of the broker, each with the function that ends it. */
type ActiveFaults = Map<"block" | "pause", () => Promise<void>>;

/** Returns the same faults, and records `block` and `pause` while they are active. */
function recorded(faults: Faults, active: ActiveFaults): Faults {
  const { block, unblock, pause, unpause } = faults;
  const pair = (
    name: "block" | "pause",
    [begin, end]: readonly [() => Promise<void>, () => Promise<void>],
  ) => ({
    begin: () => {
      active.set(name, end);
      return begin();
    },
    end: () => {
      active.delete(name);
      return end();
    },
  });
  const blocking = block && unblock && pair("block", [block, unblock]);
  const pausing = pause && unpause && pair("pause", [pause, unpause]);
  return {
    ...faults,
    ...(blocking && { block: blocking.begin, unblock: blocking.end }),
    ...(pausing && { pause: pausing.begin, unpause: pausing.end }),
  };
}
