import type { OffsetTracker } from "./offsets/offset-tracker.ts";

/** The state of one partition while this member owns it. */
export interface AssignedPartition {
  readonly topic: string;
  readonly number: number;
  readonly tracker: OffsetTracker;
  /** Whether the partition is a delay tier. */
  readonly isDelay: boolean;
  /** The lane of its messages; absent for messages without order. */
  readonly lane: number | undefined;
  /** The offset below which the group has settled every record, as of the last successful commit. */
  committed: number;
  /** The offset below which the broker was asked to delete records. */
  trimmed: number;
  /** Whether a commit is due. */
  isDirty: boolean;
  /** Whether another member may own the partition by now. Nothing is committed for it any more. */
  isLost: boolean;
  /** Whether this member gives the partition up. It finishes what is in flight and dispatches nothing more. */
  isLeaving: boolean;
}
