import { sleep } from "@waybill/core/transport-kit";
import type { Clock } from "@waybill/core/transport";
import type { Committer } from "./committer.ts";
import type { AssignedPartitions } from "./assigned-partitions.ts";
import type { GroupMember } from "../lanes/group-member.ts";

const PAUSE_MS = 20;

export interface LeavingGroup {
  readonly clock: Clock;
  readonly assigned: AssignedPartitions;
  readonly committer: Committer;
  readonly groupMember: GroupMember;
  readonly isUp: () => boolean;
  /** Whether its deadline is over. */
  readonly isGone: () => boolean;
}

/** Commits what is settled, and leaves the group. */
export async function leaveGroup(leaving: LeavingGroup): Promise<void> {
  const { clock, assigned, committer, groupMember, isUp, isGone } = leaving;
  if (!isUp()) return;
  assigned.letGoOfAll();
  await committer.flush();
  // While the group changes a commit is refused: what is not told would be handled twice.
  while (isUp() && assigned.isDirty) {
    await sleep(clock, PAUSE_MS);
    await committer.flush();
  }
  if (!isGone()) await groupMember.leave();
}
