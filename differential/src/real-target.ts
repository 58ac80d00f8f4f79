import { realWorld } from "@waybill/conformance/proxy";
import { sleep, systemEnvironment } from "@waybill/core/transport-kit";
import type { Transport } from "@waybill/core/transport";
import type { ComparedBroker } from "./brokers.ts";
import type { Target } from "./target.ts";

export interface RealBroker {
  readonly address: { readonly host: string; readonly port: number };
  readonly network?: ComparedBroker["network"];
  readonly transport: (address: { readonly host: string; readonly port: number }) => Transport;
}

/** The longest wait for an event that may never happen. */
const MAX_WAIT_MS = 120;
const STEP_MS = 4;
let count = 0;

/** Creates a target from a real broker; each member connects through a proxy of its own, which can be cut. */
export function realTarget({ address, transport, network }: RealBroker): Target {
  const world = realWorld({ broker: address, transport, ...network });
  const { cut, restore, crash, loseConfirm } = world.faults ?? {};
  if (cut === undefined || restore === undefined || crash === undefined || loseConfirm === undefined)
    throw new Error("the network of a real broker must offer all faults");
  return {
    environment: systemEnvironment,
    prefix: `diff-${process.pid}-${Date.now().toString(36)}-${count++}`,
    transport: () => world.transport(),
    settle: () => world.settle(),
    async until(holds) {
      for (let waited = 0; !holds() && waited < MAX_WAIT_MS; waited += STEP_MS)
        await sleep(systemEnvironment.clock, STEP_MS);
      return holds();
    },
    elapse: (ms) => world.elapse(ms),
    cut,
    restore,
    crash,
    loseConfirm,
    oneOf: (intended) => intended,
    membershipChanged: () => undefined,
    close: () => world.close(),
  };
}
