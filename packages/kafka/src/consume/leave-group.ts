import { sleep } from "@waybill/core/transport-kit";
import type { Clock } from "@waybill/core/transport";
import type { GroupMember } from "../lanes/group-member.ts";
import type { AssignedPartitions } from "./assigned-partitions.ts";
import type { Committer } from "./committer.ts";

const PAUSE_MS = 20;

export interface LeaveGroupOptions {
  readonly clock: Clock;
  readonly assigned: AssignedPartitions;
  readonly committer: Committer;
  readonly groupMember: GroupMember;
  readonly isUp: () => boolean;
  /** Whether the deadline has passed. */
  readonly isLate: () => boolean;
}

/**
 * Commits all settlements, then leaves the group. Without a connection it does nothing: the coordinator removes the
 * member when its session ends.
 */
export async function leaveGroup(options: LeaveGroupOptions): Promise<void> {
  const { clock, assigned, committer, groupMember, isUp, isLate } = options;
  if (!isUp()) return;
  assigned.leaveAll();
  await committer.flush();
  // The coordinator refuses commits during a rebalance. A settlement that is not committed would be redelivered.
  while (isUp() && assigned.isDirty) {
    await sleep(clock, PAUSE_MS);
    await committer.flush();
  }
  if (!isLate()) await groupMember.leave();
}
