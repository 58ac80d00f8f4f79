import type { OffsetTracker } from "./offsets/offset-tracker.ts";

/** A partition in this member's hands. */
export interface AssignedPartition {
  readonly topic: string;
  readonly number: number;
  readonly tracker: OffsetTracker;
  /** Whether it is a waiting room. */
  readonly isLater: boolean;
  /** The lane it is; absent for what has no order. */
  readonly lane: number | undefined;
  /** Up to where the group has settled all, as the broker knows it. */
  committed: number;
  /** Up to where the broker was let remove it. */
  purged: number;
  /** Something is to be committed. */
  isDirty: boolean;
  /** It may be in other hands: nothing may be said of it any more. */
  isLost: boolean;
  /** What is finished is all that will be: nothing more is begun. */
  isLeaving: boolean;
}
