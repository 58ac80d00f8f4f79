import { setImmediate } from "node:timers/promises";
import { sleep, systemGround } from "@waybill/core/transport";
import type { Faults, World } from "../harness.ts";
import { type NetworkOptions, networkFaults } from "./network-faults.ts";

export interface RealWorldOptions extends NetworkOptions {
  /** Faults besides those of the network and the process, such as `block` and `unblock`; these win over others of the same name. */
  readonly faults?: Faults;
}

/** A world around a broker in a process of its own: time is the machine's, and every transport has its own way to the broker. */
export function realWorld(options: RealWorldOptions): World {
  const network = networkFaults(options);
  return {
    ground: systemGround,
    transport: () => network.transport(),
    elapse: (ms) => sleep(systemGround.clock, ms),
    settle: () => setImmediate(),
    faults: { ...network.faults, ...options.faults },
    close: () => network.close(),
  };
}
