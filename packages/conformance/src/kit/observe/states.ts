import type { Transport, TransportState } from "@waybill/core/transport";
import type { Stage } from "../stage.ts";

/** The states that a transport has reported since it was watched. */
export interface States {
  readonly seen: readonly TransportState["status"][];
  /** Waits until this is the last reported state. */
  readonly until: (status: TransportState["status"]) => Promise<void>;
  /** Waits until the connection was lost and is ready again. */
  readonly untilBack: () => Promise<void>;
}

/** Records the states of a transport until it is closed. */
export function watchStates(stage: Stage, transport: Transport): States {
  const seen: TransportState["status"][] = [];
  transport.onState(({ status }) => seen.push(status));
  const until = (status: TransportState["status"]): Promise<void> =>
    stage.time.eventually(
      () => seen.at(-1) === status,
      () => `Expected the state ${status}; reported were ${seen.join()}.`,
    );
  return {
    seen,
    until,
    async untilBack() {
      await stage.time.eventually(
        () => seen.includes("disconnected") || seen.includes("connecting"),
        () => `The lost connection was not reported; the states are ${seen.join()}.`,
      );
      await until("ready");
    },
  };
}
