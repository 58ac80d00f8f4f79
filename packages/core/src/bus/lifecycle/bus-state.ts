import type { TransportState } from "../../spi/transport.ts";
import type { Impairment } from "./impairments.ts";
import type { Phase } from "./phase.ts";

/** How a bus is, fit for a readiness probe. */
export interface BusState {
  readonly status:
    | "created"
    | "starting"
    | "ready"
    /** Connected, but at least one source cannot be served as it should: see `impaired`. */
    | "impaired"
    | "blocked"
    | "disconnected"
    | "stopping"
    | "stopped"
    | "failed";
  /** Whether it takes and handles messages at this moment. */
  readonly isReady: boolean;
  /** Why it is not, where somebody said so. */
  readonly reason: string | undefined;
  /** The sources that cannot be served as they should, whatever the status. */
  readonly impaired: readonly Impairment[];
}

export interface StateFacts {
  readonly phase: Phase;
  readonly transport: TransportState;
  /** Why the bus failed to start, once it has. */
  readonly failure: string | undefined;
  readonly impaired: readonly Impairment[];
}

/** The bus's own phase first, the broker's state while it runs, then the state of its sources. */
export function busState({ phase, transport, failure, impaired }: StateFacts): BusState {
  const running = phase === "running" ? statusOf(transport) : phase;
  const status = running === "ready" && impaired.length > 0 ? "impaired" : running;
  const isReady = status === "ready";
  if (phase === "failed") return { status, isReady, reason: failure, impaired };
  const reason = status === "impaired" ? impaired[0]?.problem : transport.reason;
  return { status, isReady, reason, impaired };
}

function statusOf({ status }: TransportState): "ready" | "blocked" | "disconnected" | "failed" {
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
