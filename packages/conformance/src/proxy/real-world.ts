import { setImmediate } from "node:timers/promises";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { Faults, World } from "../harness.ts";
import type { RawWriter } from "../raw-writer.ts";
import { type NetworkOptions, networkFaults } from "./network-faults.ts";

export interface RealWorldOptions extends NetworkOptions {
  /** Faults besides those of the network and the process, such as `block` and `unblock`; these win over others of the same name. */
  readonly faults?: Faults;
  /** Closed with the world. */
  readonly raw?: RawWriter;
}

/** A world around a broker in a process of its own: time is the machine's, and every transport has its own way to the broker. */
export function realWorld(options: RealWorldOptions): World {
  const network = networkFaults(options);
  const broken: Broken = new Map();
  return {
    environment: systemEnvironment,
    transport: () => network.transport(),
    elapse: (ms) => sleep(systemEnvironment.clock, ms),
    settle: () => setImmediate(),
    connections: network.connections,
    traffic: network.traffic,
    ...(options.raw && { raw: options.raw }),
    faults: remembered({ ...network.faults, ...options.faults }, broken),
    async close() {
      // A scenario that failed between a fault and its end must not spoil the broker for the next one.
      for (const mend of broken.values()) await mend();
      await options.raw?.close();
      await network.close();
    },
  };
}

/** Faults of the broker that are not yet over, with what ends them. */
type Broken = Map<"block" | "pause", () => Promise<void>>;

/** The same faults; those of the broker itself are noted while they last. */
function remembered(faults: Faults, broken: Broken): Faults {
  const { block, unblock, pause, unpause } = faults;
  const pair = (
    name: "block" | "pause",
    [begin, end]: readonly [() => Promise<void>, () => Promise<void>],
  ) => ({
    begin: () => {
      broken.set(name, end);
      return begin();
    },
    end: () => {
      broken.delete(name);
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
