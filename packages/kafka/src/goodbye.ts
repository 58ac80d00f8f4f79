import { sleep, type Clock } from "@waybill/core/transport";
import type { Committer } from "./committer.ts";
import type { Holdings } from "./holdings.ts";
import type { Membership } from "./membership.ts";

const PAUSE_MS = 20;

export interface Leaving {
  readonly clock: Clock;
  readonly holdings: Holdings;
  readonly committer: Committer;
  readonly membership: Membership;
  readonly isUp: () => boolean;
  /** Whether its deadline is over. */
  readonly isGone: () => boolean;
}

/** Commits what is settled, and leaves the group. */
export async function sayGoodbye(leaving: Leaving): Promise<void> {
  const { clock, holdings, committer, membership, isUp, isGone } = leaving;
  if (!isUp()) return;
  holdings.letGoOfAll();
  await committer.flush();
  // While the group changes a commit is refused: what is not told would be handled twice.
  while (isUp() && holdings.isDirty) {
    await sleep(clock, PAUSE_MS);
    await committer.flush();
  }
  if (!isGone()) await membership.leave();
}
