import type { Msg, Subscription } from "@nats-io/transport-node";
import type { Clock, Random } from "@waybill/core/transport";
import { messagesOnly, type ServerLink } from "../connection/connection.ts";
import { mintInbox } from "../wire/inbox-token.ts";
import { PullRequests } from "./pull-requests.ts";

export interface PullInboxOptions {
  readonly stream: string;
  readonly consumer: string;
  /** The lane of the consumer, whose messages keep their order; absent in a source without lanes. */
  readonly lane: number | undefined;
  /** The time that the server waits for a settlement or a renewal before it redelivers a message. */
  readonly leaseMs: number;
  readonly inboxPrefix: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** The pull requests of one consumer on one link, and the inbox that receives their messages. */
export class PullInbox {
  readonly requests: PullRequests;
  readonly #link: ServerLink;
  readonly #options: PullInboxOptions;
  readonly #subject: string;
  #subscription: Subscription | undefined = undefined;

  constructor(link: ServerLink, options: PullInboxOptions) {
    const { leaseMs, inboxPrefix, clock, random } = options;
    this.#link = link;
    this.#options = options;
    this.#subject = mintInbox(inboxPrefix, "pull", random);
    this.requests = new PullRequests({
      clock,
      // Shorter than a lease: the server soon forgets the request of a dead process and serves the other processes.
      expiresMs: leaseMs / 2,
      send: (body) => this.#send(body, this.#subject),
    });
  }

  /** Subscribes to the inbox. */
  listen(onMessage: (msg: Msg) => void): void {
    this.#subscription = this.#link.nc.subscribe(this.#subject, messagesOnly(onMessage));
  }

  /**
   * Withdraws the requests. Resolves once the server has withdrawn them; the messages that it sent before have arrived then.
   * @param keep receives a message of a lane that the server sends during the withdrawal
   */
  async withdraw(keep: (msg: Msg) => void): Promise<void> {
    const { requests } = this;
    const subscription = this.#subscription;
    requests.end();
    if (subscription === undefined) return;
    // A request that reaches the server after the end of its subscription would stay in the queue of requests.
    this.#link.writes.drain();
    const withdrawn =
      this.#options.lane === undefined ? subscription.drain() : this.#leaveQueue(subscription, keep);
    await Promise.race([withdrawn, this.#link.lost]);
  }

  /** Stops listening; the server's queue keeps the requests until they expire. */
  close(): void {
    this.requests.end();
    this.#link.writes.drain();
    this.#subscription?.unsubscribe();
  }

  /**
   * Removes our requests from the server's queue of pull requests, so that messages that go back afterwards keep their
   * order. Unsubscribing alone leaves them in the queue: the server then tries a redelivery on a request without a
   * listener, and puts the message behind its successors (nats-server, loopAndGatherMsgs). A query for the consumer's
   * info makes the server clear the queue. The server handles requests in their order, so the answer to a request that
   * does not wait proves that the earlier requests are in the queue.
   */
  async #leaveQueue(subscription: Subscription, keep: (msg: Msg) => void): Promise<void> {
    const { nc, jsm } = this.#link;
    const { stream, consumer, inboxPrefix, random } = this.#options;
    const reply = mintInbox(inboxPrefix, "pull", random);
    await new Promise<void>((resolve) => {
      const onAnswer = messagesOnly((msg) => {
        keep(msg);
        answer.unsubscribe();
        resolve();
      });
      const answer = nc.subscribe(reply, onAnswer);
      this.#send('{"batch":1,"no_wait":true}', reply);
    });
    await subscription.drain().catch(() => undefined);
    await jsm.consumers.info(stream, consumer).catch(() => undefined);
  }

  #send(body: string, reply: string): void {
    const { nc, writes, api } = this.#link;
    const { stream, consumer } = this.#options;
    const subject = `${api}.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    // The client reports the end of a connection a little later than it happens.
    if (!nc.isClosed()) writes.publish({ subject, body: Buffer.from(body), reply });
  }
}
