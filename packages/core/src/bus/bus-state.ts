import type { TransportState } from "../spi/transport.ts";
import type { Phase } from "./phase.ts";

/** How a bus is, fit for a readiness probe. */
export interface BusState {
  readonly status:
    | "created"
    | "starting"
    | "ready"
    | "blocked"
    | "disconnected"
    | "stopping"
    | "stopped"
    | "failed";
  /** Whether it takes and handles messages at this moment. */
  readonly isReady: boolean;
  /** Why it is not, where somebody said so. */
  readonly reason: string | undefined;
}

/** The bus's own phase first, the broker's state while it runs. */
export function busState(phase: Phase, transport: TransportState, failure: string | undefined): BusState {
  const status = phase === "running" ? statusOf(transport) : phase;
  return { status, isReady: status === "ready", reason: phase === "failed" ? failure : transport.reason };
}

function statusOf({ status }: TransportState): BusState["status"] {
  switch (status) {
    case "ready":
    case "blocked":
      return status;
    case "connecting":
    case "disconnected":
      return "disconnected";
    case "closed":
      return "failed";
  }
}
