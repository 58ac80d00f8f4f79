import type { Contract } from "../../message/contract.ts";
import type { Capabilities } from "../../spi/capabilities.ts";
import { showMilliseconds } from "../../environment/duration.ts";

/** The same on every broker: what differs stands in what can be lost and doubled. */
export const GUARANTEE =
  "at least once: stored when send resolves, acknowledged when its handler's work is stored";

/** What can be lost of a contract's messages, and when. */
export function canBeLost(
  { kind, retainMs }: Contract,
  capabilities: Capabilities | undefined,
): readonly string[] {
  const lines = ["what waits in this process for the broker, when the process ends before send resolves"];
  if (kind === "event")
    lines.push(
      retainMs === undefined
        ? "for a group: what was published before it was first provisioned"
        : "for a group: what is older than its history when it is first provisioned, or all of it unless it asks for it",
    );
  if (capabilities !== undefined && capabilities.durable.level !== "native")
    lines.push(`what is stored: ${capabilities.durable.reason}`);
  if (capabilities?.durable.atRisk !== undefined) lines.push(capabilities.durable.atRisk);
  return lines;
}

/** What can be stored or handled twice, and when. */
export function canBeDoubled(
  { retainMs }: Contract,
  capabilities: Capabilities | undefined,
): readonly string[] {
  const lines = [
    "handled: when the process or the connection ends between a handler's success and its acknowledgement",
  ];
  if (capabilities === undefined) return lines;
  const { dedup, history } = capabilities;
  if (dedup.level === "none")
    lines.push("stored, under one id: when the broker's confirmation is lost and the message is sent again");
  else
    lines.push(
      `stored, under one id: when it is sent again more than ${showMilliseconds(dedup.windowMs)} later`,
    );
  if (retainMs !== undefined && history.level === "emulated")
    lines.push(`read by a new group: ${history.reason}`);
  return lines;
}
