import { realWorld } from "@waybill/conformance/proxy";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import type { Compared } from "./brokers.ts";
import type { Place } from "./place.ts";

export interface RealBroker {
  readonly address: { readonly host: string; readonly port: number };
  readonly network?: Compared["network"];
  readonly transport: (address: { readonly host: string; readonly port: number }) => Transport;
}

/** How long something is waited for that may not come at all. */
const PATIENCE_MS = 120;
const STEP_MS = 4;
let count = 0;

/** A real broker as a place: every member has a way to it of its own, which can be cut. */
export function realPlace({ address, transport, network }: RealBroker): Place {
  const world = realWorld({ broker: address, transport, ...network });
  const { cut, restore, crash, loseConfirm } = world.faults ?? {};
  if (cut === undefined || restore === undefined || crash === undefined || loseConfirm === undefined)
    throw new Error("a real world has the faults of its network");
  return {
    environment: systemEnvironment,
    prefix: `diff-${process.pid}-${Date.now().toString(36)}-${count++}`,
    transport: () => world.transport(),
    settle: () => world.settle(),
    async until(isThere) {
      for (let waited = 0; !isThere() && waited < PATIENCE_MS; waited += STEP_MS)
        await sleep(systemEnvironment.clock, STEP_MS);
      return isThere();
    },
    elapse: (ms) => world.elapse(ms),
    cut,
    restore,
    crash,
    loseConfirm,
    oneOf: (meant) => meant,
    membershipChanged: () => undefined,
    close: () => world.close(),
  };
}
