import { callSite } from "../../platform/call-site.ts";
import type { PlatformPort } from "../../platform/platform-port.ts";
import type { SimProcess } from "../process.ts";
import type { RunParts } from "../parts.ts";
import { uuidOf } from "./uuid.ts";

/** What the code of one process has in place of the platform. */
export function portOf(
  owner: SimProcess,
  { clock, random, platform, platformViolations: trespasses }: RunParts,
): PlatformPort {
  return {
    rule: platform,
    now: () => clock.now(),
    random: () => random.next(),
    uuid: () => uuidOf(() => random.uint32()),
    schedule: (delayMs, run) => clock.of(owner).schedule(delayMs, run),
    reportViolation: (what) => {
      const place = callSite();
      const [handling] = owner.handlings;
      const during =
        handling === undefined ? "" : `, while it handles ${handling.delivery.message.type ?? "a message"}`;
      trespasses.push(
        `${owner.name}${during}, asks the platform for ${what}${place === undefined ? "" : ` (${place})`}`,
      );
    },
  };
}
