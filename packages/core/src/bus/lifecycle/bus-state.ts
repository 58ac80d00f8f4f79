import type { TransportState } from "../../spi/transport.ts";
import type { Impairment } from "./impairments.ts";
import type { Phase } from "./lifecycle.ts";

/** The state of a bus, for a readiness probe. */
export interface BusState {
  readonly status:
    | "created"
    | "starting"
    | "ready"
    /** Connected, but at least one source has a problem: see `impaired`. */
    | "impaired"
    | "blocked"
    | "disconnected"
    | "stopping"
    | "stopped"
    | "failed";
  /** Whether the bus sends and handles messages at this moment. */
  readonly isReady: boolean;
  /** Why the bus is not ready, where the reason is known. */
  readonly reason: string | undefined;
  /** The sources that have a problem, in every status. */
  readonly impaired: readonly Impairment[];
}

export interface StateFacts {
  readonly phase: Phase;
  readonly transport: TransportState;
  /** The reason of a failed start. */
  readonly failure: string | undefined;
  readonly impaired: readonly Impairment[];
}

/**
 * Returns the state of a bus. The phase of the bus decides first; while the bus runs, the state of the transport decides,
 * then the problems of the sources.
 */
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
