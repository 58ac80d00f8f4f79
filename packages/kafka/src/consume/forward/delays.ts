import type { Cancel, Environment, PublishResult } from "@waybill/core/transport";
import type { ForwardedForm, Forwarding } from "@waybill/core/transport-kit";
import { InFlightEntry } from "./in-flight-entry.ts";
import type { Entry } from "../offsets/offset-tracker.ts";
import { dueOf, idOf, laneOf, attemptsOf } from "../../wire/own-headers.ts";
import { partitionName } from "../../topology/topic-partition.ts";
import type { AssignedPartition } from "../assigned-partition.ts";
import { TIERS_MS, tierFor } from "../../topology/delay-tiers.ts";
import type { Publisher } from "../../publish/publisher.ts";
import { foreignHeaders, rewritten } from "../../wire/message.ts";

/**
 * The most messages of one tier that wait in this process. All tiers except the first are in the order of their due
 * times, so a few suffice.
 */
const MOST_WAITING = { first: 8_192, others: 64 } as const;

export interface DelaysOptions {
  readonly environment: Environment;
  readonly publisher: Publisher;
  readonly forwarding: Forwarding;
  /** The topic of the delay tiers. */
  readonly delayTopic: string;
  /** The topic that a message moves to when it is due. */
  readonly targetTopic: string;
  readonly lanes: number | undefined;
  readonly onSettled: (partition: AssignedPartition) => void;
}

/**
 * Timers for the delayed messages of this member. When its timer fires, a message moves to the target topic or to the
 * next tier.
 */
export class Delays {
  readonly #options: DelaysOptions;
  readonly #waiting = new Map<AssignedPartition, Map<Entry, Cancel>>();
  /** How many messages of a tier cannot be stored elsewhere at the moment. They do not count as waiting. */
  readonly #resting = new WeakMap<AssignedPartition, number>();

  constructor(options: DelaysOptions) {
    this.#options = options;
  }

  /** Starts timers for the fetched messages of a tier. */
  take(partition: AssignedPartition): void {
    const most = partition.number === 0 ? MOST_WAITING.first : MOST_WAITING.others;
    while (partition.tracker.inFlight - (this.#resting.get(partition) ?? 0) < most) {
      const entry = partition.tracker.take();
      if (entry === undefined) return;
      this.#wait(partition, entry);
    }
  }

  /** Ends the timers of a tier, and releases their messages. Moves that have begun are finished. */
  stop(partition: AssignedPartition): void {
    for (const [entry, cancel] of this.#waiting.get(partition) ?? []) {
      cancel();
      partition.tracker.release(entry);
    }
    this.#waiting.delete(partition);
  }

  #wait(partition: AssignedPartition, entry: Entry): void {
    const now = this.#options.environment.clock.now();
    const due = dueOf(entry.record, now) ?? 0;
    const stayMs = TIERS_MS[partition.number] ?? 0;
    const leavesAt = stayMs === 0 ? due : Math.min(due, entry.record.timestamp + stayMs);
    if (leavesAt <= now) return void this.#move(partition, entry);
    const waiting = this.#waiting.get(partition) ?? new Map<Entry, Cancel>();
    this.#waiting.set(partition, waiting);
    // Never longer than messages stay in the tier, even when the broker's clock is wrong.
    const wait = Math.min(leavesAt - now, Math.max(stayMs, TIERS_MS[1] ?? 0));
    waiting.set(
      entry,
      this.#options.environment.clock.schedule(wait, () => {
        waiting.delete(entry);
        void this.#move(partition, entry);
      }),
    );
  }

  async #move(partition: AssignedPartition, entry: Entry): Promise<void> {
    const { forwarding, targetTopic, delayTopic, onSettled } = this.#options;
    const { record } = entry;
    let isResting = false;
    const outcome = await forwarding.forward({
      delivery: new InFlightEntry(partition),
      destination: `topic ${this.#isDue(entry) ? targetTopic : delayTopic}`,
      headers: undefined,
      foreign: () => foreignHeaders(record),
      store: ({ headers, isBare }) => this.#store(partition, entry, { headers, isBare }),
      onRest: () => {
        isResting = true;
        this.#rest(partition, 1);
        this.take(partition);
      },
    });
    if (isResting) this.#rest(partition, -1);
    if (outcome !== "stored") return;
    partition.tracker.settle(entry);
    onSettled(partition);
  }

  #store(partition: AssignedPartition, { record }: Entry, form: ForwardedForm): Promise<PublishResult> {
    const { environment, publisher, delayTopic, targetTopic, lanes } = this.#options;
    const now = environment.clock.now();
    const due = dueOf(record, now) ?? 0;
    const lane = laneOf(record, lanes);
    const isDue = due <= now;
    const changes = {
      ...form,
      id: idOf(record, partitionName(partition.topic, partition.number)),
      attempts: attemptsOf(record),
      due: isDue ? undefined : due,
      lane: isDue ? undefined : lane,
    };
    const route = isDue
      ? { topic: targetTopic, partition: lane }
      : { topic: delayTopic, partition: tierFor(due - now) };
    return publisher.write(route, rewritten(record, changes, now));
  }

  #isDue({ record }: Entry): boolean {
    const now = this.#options.environment.clock.now();
    return (dueOf(record, now) ?? 0) <= now;
  }

  #rest(partition: AssignedPartition, more: number): void {
    this.#resting.set(partition, (this.#resting.get(partition) ?? 0) + more);
  }
}
