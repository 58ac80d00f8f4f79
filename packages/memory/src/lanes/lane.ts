import { Backlog } from "../consume/backlog.ts";

/** One ordered stream of a queue, or the whole of an unordered one. */
export class Lane<Member = unknown> {
  /** Absent for what has no order. */
  readonly index: number | undefined;
  readonly backlog: Backlog = new Backlog();
  /** The member that may take from it; while it differs from `heir`, nobody takes. */
  owner: Member | undefined = undefined;
  /** The member that is to own it, once the owner has let go. */
  heir: Member | undefined = undefined;
  /** How many of its entries are in members' hands. */
  held = 0;

  constructor(index: number | undefined) {
    this.index = index;
  }

  /** Lets a new owner in, as soon as nothing is held any more: ownership never overlaps. */
  handOver(): void {
    if (this.held === 0) this.owner = this.heir;
  }
}
