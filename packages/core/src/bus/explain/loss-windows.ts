import type { Contract } from "../../message/contract.ts";
import type { Capabilities } from "../../spi/capabilities.ts";
import { showMilliseconds } from "../../environment/duration.ts";

/** The guarantee of every contract on every broker. The loss and duplicate windows describe the differences. */
export const GUARANTEE =
  "at least once: send resolves when the message is stored, and a handled message is acknowledged when its handler's messages are stored";

/** Returns the situations in which messages of a contract can be lost. */
export function lossWindows(
  { kind, retainMs }: Contract,
  capabilities: Capabilities | undefined,
): readonly string[] {
  const lines = [
    "messages that wait in this process for the broker, if the process ends before send resolves",
  ];
  if (kind === "event")
    lines.push(
      retainMs === undefined
        ? "for a group: messages that were published before the group was first provisioned"
        : "for a group: messages that are older than the history when the group is first provisioned, and all earlier messages if the group does not read the history",
    );
  if (capabilities !== undefined && capabilities.durable.level !== "native")
    lines.push(`stored messages: ${capabilities.durable.reason}`);
  if (capabilities?.durable.atRisk !== undefined) lines.push(capabilities.durable.atRisk);
  return lines;
}

/** Returns the situations in which messages of a contract can be stored or handled twice. */
export function duplicateWindows(
  { retainMs }: Contract,
  capabilities: Capabilities | undefined,
): readonly string[] {
  const lines = [
    "handled twice, if the process or the connection ends between the handler's success and the acknowledgement",
  ];
  if (capabilities === undefined) return lines;
  const { dedup, history } = capabilities;
  if (dedup.level === "none")
    lines.push("stored twice under one id, if the broker's confirmation is lost and the message is resent");
  else
    lines.push(
      `stored twice under one id, if the message is resent more than ${showMilliseconds(dedup.windowMs)} later`,
    );
  if (retainMs !== undefined && history.level === "emulated")
    lines.push(`read twice by a new group: ${history.reason}`);
  return lines;
}
