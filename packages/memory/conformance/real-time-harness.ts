import { setImmediate } from "node:timers/promises";
import { REAL_PACE, type Harness } from "@waybill/conformance";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import { MemoryBroker } from "../src/connection/broker.ts";
import { MemoryTransport } from "../src/transport.ts";
import { faultsOf } from "./harness.ts";
import { rawWriter } from "./raw-writer.ts";

/** One broker for all scenarios, like a real one. */
const broker = new MemoryBroker(systemEnvironment);

/** The memory transport with the system clock, at the pace of real brokers. It shows that the suite needs no virtual time. */
export const realTimeHarness: Harness = {
  name: "memory in real time",
  // A broker in the process answers at once, so the waiting times can be short.
  pace: { ...REAL_PACE, runs: 1, quietMs: 100, delayMs: 200, leaseMs: 500 },
  open: () =>
    Promise.resolve({
      environment: systemEnvironment,
      transport: () => new MemoryTransport(broker),
      elapse: (ms) => sleep(systemEnvironment.clock, ms),
      settle: () => setImmediate(),
      faults: faultsOf(broker),
      raw: rawWriter(broker),
      close: () => Promise.resolve(),
    }),
};
