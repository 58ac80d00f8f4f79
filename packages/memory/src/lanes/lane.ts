import { Backlog } from "../consume/backlog.ts";

/** One ordered part of a queue, or a whole queue without order. */
export class Lane<Member = unknown> {
  /** Undefined for a queue without order. */
  readonly index: number | undefined;
  readonly backlog: Backlog = new Backlog();
  /** The member that receives its messages. It receives no more of them once it differs from `nextOwner`. */
  owner: Member | undefined = undefined;
  /** The member that owns the lane once no message of it is in flight. */
  nextOwner: Member | undefined = undefined;
  /** The number of its messages in flight. */
  inFlight = 0;

  constructor(index: number | undefined) {
    this.index = index;
  }

  /** Makes `nextOwner` the owner if no message is in flight, so that two owners never overlap. */
  transfer(): void {
    if (this.inFlight === 0) this.owner = this.nextOwner;
  }
}
