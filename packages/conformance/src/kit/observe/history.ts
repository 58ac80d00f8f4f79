import type { PublishResult, WireMessage } from "@waybill/core/transport";
import { few } from "./claim.ts";
import type { Handling } from "../handling.ts";
import { tagOf } from "../generate/messages.ts";

/** One message handed to `publish`, and what became of it. */
export interface Sending {
  readonly message: WireMessage;
  readonly tag: string;
  /** The clock when publish was called. */
  readonly at: number;
  /** Absent while the publish is pending. */
  result: PublishResult | undefined;
}

/** All that one scenario saw, in the order of seeing: what promises are judged by. */
export class History {
  readonly sendings: Sending[] = [];
  readonly handlings: Handling[] = [];
  #moment = 0;

  /** A number that grows with every recorded event: tells what came before what, also within one millisecond. */
  moment(): number {
    return ++this.#moment;
  }

  /** The tags of the messages whose publish was answered `ok`. */
  stored(): readonly string[] {
    return this.sendings.filter(({ result }) => result?.ok === true).map(({ tag }) => tag);
  }

  /** The tags a group was handed, in order, redeliveries included. */
  seenBy(group: string): readonly string[] {
    return this.handlings.filter((handling) => handling.group === group).map(({ tag }) => tag);
  }

  /** The published message behind a tag, if the kit published it. */
  sent(tag: string): WireMessage | undefined {
    return this.sendings.find((sending) => sending.tag === tag)?.message;
  }

  /** What a failure shows of the past. */
  story(group: string): string {
    const stored = this.stored();
    const seen = this.seenBy(group);
    return `stored ${stored.length} (${few(stored)}), ${group} was handed ${seen.length} (${few(seen)})`;
  }

  /** Records one publish. */
  sending(message: WireMessage, at: number): Sending {
    const sending: Sending = { message, tag: tagOf(message), at, result: undefined };
    this.sendings.push(sending);
    return sending;
  }
}
