import { callSite } from "../../platform/call-site.ts";
import type { PlatformPort } from "../../platform/platform-port.ts";
import type { RunParts } from "../parts.ts";
import type { SimProcess } from "../process.ts";
import { uuidOf } from "./uuid.ts";

/** Returns the replacement of the platform for the code of one process. */
export function portOf(
  owner: SimProcess,
  { clock, random, platform, platformViolations }: RunParts,
): PlatformPort {
  return {
    rule: platform,
    now: () => clock.now(),
    random: () => random.next(),
    uuid: () => uuidOf(() => random.uint32()),
    schedule: (delayMs, run) => clock.of(owner).schedule(delayMs, run),
    reportViolation: (call) => {
      const site = callSite();
      const [handling] = owner.handlings;
      const during =
        handling === undefined ? "" : `, while it handles ${handling.delivery.message.type ?? "a message"},`;
      const place = site === undefined ? "" : ` (${site})`;
      platformViolations.push(
        `${owner.name}${during} uses ${call} instead of the world${place}; use the world's clock and random numbers, and fakes for input and output`,
      );
    },
  };
}
