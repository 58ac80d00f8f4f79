import type { Faults, Harness, World } from "@waybill/conformance";
import { VirtualClock, seededRandom } from "@waybill/core/transport-kit/testing";
import type { Transport } from "@waybill/core/transport";
import { MemoryBroker } from "../src/connection/broker.ts";
import { MemoryTransport } from "../src/transport.ts";
import { rawWriter } from "./raw-writer.ts";

// #region harness
/** The memory transport in virtual time: a fresh broker for every scenario, and many generated cases for each. */
export const memoryHarness: Harness = {
  name: "memory",
  pace: { runs: 25 },
  open: () => Promise.resolve(openWorld()),
};

function openWorld(): World {
  const clock = new VirtualClock();
  const broker = new MemoryBroker({ clock, random: seededRandom(1) });
  const connected = new Set<MemoryTransport>();
  return {
    environment: broker.environment,
    transport() {
      const transport = new MemoryTransport(broker);
      transport.onState(({ status }) => {
        if (status === "ready" || status === "blocked") connected.add(transport);
        else connected.delete(transport);
      });
      return transport;
    },
    connections: () => connected.size,
    elapse: (ms) => clock.advance(ms),
    settle: () => clock.settle(),
    timers: () => clock.pending,
    close: () => Promise.resolve(),
    faults: faultsOf(broker),
    raw: rawWriter(broker),
  };
}

/** Returns the faults of a memory broker. */
export function faultsOf(broker: MemoryBroker): Faults {
  return {
    cut: async (transport) => memory(transport).cut(),
    restore: async (transport) => memory(transport).restore(),
    reset: async (transport) => reset(memory(transport)),
    crash: async (transport) => memory(transport).crash(),
    loseConfirm: async (transport) => memory(transport).loseConfirms(1),
    block: async () => broker.block(),
    unblock: async () => broker.unblock(),
    deleteSource: async (source) => broker.remove(source),
  };
}

function memory(transport: Transport): MemoryTransport {
  if (transport instanceof MemoryTransport) return transport;
  throw new TypeError("This transport was not made by this world.");
}

/** Loses and restores the connection at once. Messages in flight are redelivered. */
function reset(transport: MemoryTransport): void {
  transport.cut();
  transport.restore();
}
// #endregion harness
