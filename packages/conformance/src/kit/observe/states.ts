import type { Transport, TransportState } from "@waybill/core/transport";
import type { Stage } from "../stage.ts";

/** What a transport has said of its connection since it was watched. */
export interface States {
  readonly seen: readonly TransportState["status"][];
  /** Waits until it says so, from now on or as its last word. */
  readonly until: (status: TransportState["status"]) => Promise<void>;
  /** Waits until the connection was lost and is there again. */
  readonly untilBack: () => Promise<void>;
}

/** Watches until the transport is closed. */
export function watchStates(stage: Stage, transport: Transport): States {
  const seen: TransportState["status"][] = [];
  transport.onState(({ status }) => seen.push(status));
  const until = (status: TransportState["status"]): Promise<void> =>
    stage.time.eventually(
      () => seen.at(-1) === status,
      () => `The transport should be ${status} and went ${seen.join()}.`,
    );
  return {
    seen,
    until,
    async untilBack() {
      await stage.time.eventually(
        () => seen.includes("disconnected") || seen.includes("connecting"),
        () => `The connection was lost, and the transport went ${seen.join()}.`,
      );
      await until("ready");
    },
  };
}
