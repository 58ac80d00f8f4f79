import type { PublishResult, WireMessage } from "@waybill/core/transport";
import { tagOf } from "../generate/messages.ts";
import type { ReceivedDelivery } from "../received-delivery.ts";
import { few } from "./assert.ts";

/** One message passed to `publish`, and its result. */
export interface PublishRecord {
  readonly message: WireMessage;
  readonly tag: string;
  /** The clock time of the publish call, in milliseconds. */
  readonly at: number;
  /** Undefined while the publish is pending. */
  result: PublishResult | undefined;
}

/** The publishes and deliveries of one scenario, in order: the evidence for its promise. */
export class History {
  readonly publishes: PublishRecord[] = [];
  readonly deliveries: ReceivedDelivery[] = [];
  #moment = 0;

  /** Returns a number that grows with every recorded event, which orders events within one millisecond. */
  moment(): number {
    return ++this.#moment;
  }

  /** Returns the tags of the confirmed messages. */
  confirmed(): readonly string[] {
    return this.publishes.filter(({ result }) => result?.ok === true).map(({ tag }) => tag);
  }

  /** Returns the tags delivered to a group, in order, including redeliveries. */
  deliveredTo(group: string): readonly string[] {
    return this.deliveries.filter((received) => received.group === group).map(({ tag }) => tag);
  }

  /** Returns the published message with a tag; undefined if the kit published none. */
  published(tag: string): WireMessage | undefined {
    return this.publishes.find((record) => record.tag === tag)?.message;
  }

  /** Returns a summary for a failure message. */
  summary(group: string): string {
    const confirmed = this.confirmed();
    const delivered = this.deliveredTo(group);
    return `${confirmed.length} confirmed (${few(confirmed)}), ${delivered.length} delivered to ${group} (${few(delivered)})`;
  }

  /** Records the publish of one message. */
  recordPublish(message: WireMessage, at: number): PublishRecord {
    const record: PublishRecord = { message, tag: tagOf(message), at, result: undefined };
    this.publishes.push(record);
    return record;
  }
}
