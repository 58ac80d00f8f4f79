import type { Msg, Subscription } from "@nats-io/transport-node";
import type { Clock, Destination, Random } from "@waybill/core/transport";
import { ACKED, type AckWriter } from "./ack-writer.ts";
import { heard, type ServerLink } from "../connection/connection.ts";
import { progressOf, type ConsumerProgress } from "../lanes/consumer-progress.ts";
import { NatsDelivery, isFromStream, placeOf, ackMetadataOf } from "./delivery.ts";
import { HeldMessages } from "./held-messages.ts";
import { mintInbox } from "../wire/inbox-token.ts";
import { ask, leaveLine } from "./pull-request-queue.ts";
import { ConsumerWatch } from "./consumer-watch.ts";
import { PullRequests } from "./pull-requests.ts";
import { GapDetector } from "../lanes/gap-detector.ts";
import { read } from "../wire/message.ts";

export interface PullConsumerOptions {
  readonly stream: string;
  readonly consumer: string;
  readonly lane: number | undefined;
  /** Where its messages were sent to. */
  readonly destination: Destination;
  /** How long the server leaves a message with whoever says nothing more. */
  readonly leaseMs: number;
  readonly inboxPrefix: string;
  readonly answers: AckWriter;
  readonly clock: Clock;
  readonly random: Random;
  /** Something arrived that may be handed out. */
  readonly onArrival: () => void;
  /** These open deliveries were taken back, and are revoked. */
  readonly onLoss: (open: number) => void;
  /** Of a lane something got lost on its way: nothing more is taken, so that what follows does not come first. */
  readonly onGap: () => void;
  /** Somebody has deleted the consumer. */
  readonly onDeleted: () => void;
  /** It is there again. */
  readonly onFound: () => void;
}

/** One durable consumer on one link: what is asked of it, what arrived and waits to be handed out, and what is out. */
export class PullConsumer {
  readonly #options: PullConsumerOptions;
  #link: ServerLink | undefined = undefined;
  #inbox: Subscription | undefined = undefined;
  #pull: PullRequests | undefined = undefined;
  #window = 0;
  readonly #held = new HeldMessages();
  readonly #unbroken = new GapDetector();
  #hasGap = false;
  #withdrawn: Promise<void> = Promise.resolve();
  readonly #presence: ConsumerWatch;
  /** Hands out nothing more: what is out is being finished. */
  isHolding = false;

  constructor(options: PullConsumerOptions) {
    this.#options = options;
    this.#presence = new ConsumerWatch({ ...options, onDeleted: (link) => this.#lostConsumer(link) });
  }

  get lane(): number | undefined {
    return this.#options.lane;
  }

  get isOpen(): boolean {
    return this.#link !== undefined;
  }

  /** What its consumer has done so far. */
  counted(link: ServerLink): Promise<ConsumerProgress> {
    return progressOf(link, this.#options);
  }

  /** @param delivered of a lane: how many deliveries its consumer had made before anything is asked of it */
  open(link: ServerLink, window: number, delivered = 0): void {
    this.#link = link;
    this.#window = window;
    this.isHolding = false;
    this.#unbroken.begin(delivered);
    this.#hasGap = false;
    this.#listen(link);
    this.pull();
  }

  /** Asks for as many messages as there is room. */
  pull(): void {
    if (this.isHolding || this.#pull === undefined) return;
    this.#pull.want(this.#window - this.#held.size, this.#window);
  }

  /** Sets the window. What was asked for beyond a smaller one is withdrawn. */
  async resize(window: number): Promise<void> {
    const isSmaller = window < this.#window;
    this.#window = window;
    if (isSmaller && (this.#pull?.asked ?? 0) + this.#held.waits > 0) {
      await this.withdraw();
      this.#giveBackWaiting();
      if (this.#link !== undefined && !this.isHolding) this.#listen(this.#link);
    }
    this.pull();
  }

  /** Takes nothing more: resolves once the server knows. What it had sent by then has arrived. */
  withdraw(): Promise<void> {
    const inbox = this.#inbox;
    const link = this.#link;
    this.#pull?.end();
    this.#pull = undefined;
    this.#inbox = undefined;
    // On a connection that is gone there is nothing to withdraw.
    if (inbox !== undefined && link !== undefined)
      this.#withdrawn = this.#unsubscribe(inbox, link).catch(() => undefined);
    return this.#withdrawn;
  }

  async #unsubscribe(inbox: Subscription, link: ServerLink): Promise<void> {
    const { stream, consumer, inboxPrefix, random } = this.#options;
    const keep = (msg: Msg): void => {
      if (isFromStream(msg) && this.#admits(msg)) this.#held.add(this.#deliveryOf(msg));
    };
    const reply = mintInbox(inboxPrefix, "pull", random);
    link.writes.drain(); // a request that comes after its subscription has ended would stay in line
    const gone =
      this.lane === undefined ? inbox.drain() : leaveLine(link, { stream, consumer, inbox }, { reply, keep });
    await Promise.race([gone, link.lost]);
  }

  /** Hands out nothing more; what has no order goes back at once. */
  async stop(): Promise<void> {
    this.isHolding = true;
    await this.withdraw();
    this.#giveBackWaiting();
  }

  /** The next to be handed out; it counts as running from then on. */
  next(): NatsDelivery | undefined {
    return this.isHolding ? undefined : this.#held.next();
  }

  ack(delivery: NatsDelivery): void {
    this.#options.answers.ack(delivery.reply);
    this.#held.drop(delivery);
  }

  /** The same for what has been moved on: resolves once the server has said that it knows. */
  async confirmAck(delivery: NatsDelivery): Promise<void> {
    await this.#link?.nc
      .request(delivery.reply, ACKED, { timeout: this.#options.leaseMs })
      .catch(() => undefined);
    this.#held.drop(delivery);
  }

  /** It cannot be stored elsewhere now: it is kept, and takes no place in the window. */
  rest(delivery: NatsDelivery): void {
    this.#held.rest(delivery);
  }

  again(delivery: NatsDelivery, delayMs: number): void {
    this.#options.answers.nak(delivery.reply, delayMs);
    this.#held.drop(delivery);
  }

  /** Forgets a delivery of a lane until all of it goes back, in order. */
  leave(delivery: NatsDelivery): void {
    this.isHolding = true;
    this.#held.leave(delivery);
  }

  /** Resolves once nothing is out. */
  empty(): Promise<void> {
    return this.#held.empty();
  }

  /** Resolves once nothing is out and nothing waits. */
  done(): Promise<void> {
    return this.#held.done();
  }

  /** Takes back what is still out and returns all that is held, in order. Resolves when the server knows. */
  async close(): Promise<void> {
    this.isHolding = true;
    await this.withdraw();
    const link = this.#link;
    if (link === undefined) return;
    const { open, rest } = this.#held.revoke();
    for (const delivery of [...open, ...rest].toSorted((one, other) => one.sequence - other.sequence))
      this.#options.answers.nak(delivery.reply, 0);
    this.#link = undefined;
    this.#options.onLoss(open.length);
    await link.writes.flushed();
  }

  /** The link is gone, or the lease of all that is held. What has no order goes back on the next link, if its lease holds. */
  lose({ isHeld }: { readonly isHeld: boolean }): void {
    this.#hangUp();
    this.#link = undefined;
    const { open, rest } = this.#held.revoke();
    if (isHeld && this.lane === undefined)
      for (const { reply } of [...open, ...rest]) this.#options.answers.giveBackLater(reply);
    this.#options.onLoss(open.length);
  }

  /** Listens no more; the requests that are left in line end by themselves. */
  #hangUp(): void {
    this.#pull?.end();
    this.#pull = undefined;
    this.#link?.writes.drain();
    this.#inbox?.unsubscribe();
    this.#inbox = undefined;
  }

  /**
   * Renews the lease of what is held: of a lane all at once, so that they would expire in their order. Of others only
   * what is held since the last time.
   */
  renew(): void {
    this.#pull?.check();
    this.pull();
    const isLane = this.lane !== undefined;
    for (const delivery of this.#held) {
      if (isLane || delivery.isHeld) this.#options.answers.working(delivery.reply);
      delivery.isHeld = true;
    }
  }

  #listen(link: ServerLink): void {
    if (this.#hasGap) return;
    const { stream, consumer, leaseMs, inboxPrefix, clock, random } = this.#options;
    const subject = mintInbox(inboxPrefix, "pull", random);
    this.#pull = new PullRequests({
      clock,
      // Shorter than a lease: what a process asked for that is gone meanwhile is not kept from the others for long.
      expiresMs: leaseMs / 2,
      ask: (request) => ask(link, { stream, consumer }, [request, subject]),
    });
    const pull = this.#pull;
    this.#inbox = link.nc.subscribe(
      subject,
      heard((msg) => this.#arrive(pull, msg)),
    );
  }

  #arrive(pull: PullRequests, msg: Msg): void {
    if (this.#link === undefined) return;
    if (!isFromStream(msg)) {
      this.#presence.hear(pull.told(msg), this.#link);
      return this.pull();
    }
    pull.arrived();
    this.#presence.found();
    if (!this.#admits(msg)) return;
    const delivery = this.#deliveryOf(msg);
    const { reply } = delivery;
    const early = delivery.due - this.#options.clock.now();
    if (early > 0) {
      this.#options.answers.nak(reply, early);
      return this.pull();
    }
    if (delivery.isAgain) this.#options.onLoss(this.#held.forget(delivery.sequence));
    this.#held.add(delivery);
    if (this.isHolding && this.lane === undefined) this.#giveBackWaiting();
    else this.#options.onArrival();
    this.pull();
  }

  /** False for what follows on something that is missing in a lane: it is left to its lease, and comes again behind that. */
  #admits({ reply = "" }: Msg): boolean {
    if (this.lane === undefined) return true;
    if (!this.#hasGap && this.#unbroken.goesOn(reply)) return true;
    if (!this.#hasGap) {
      this.#hasGap = true;
      this.#hangUp();
      this.#options.onGap();
    }
    return false;
  }

  #deliveryOf(msg: Msg): NatsDelivery {
    const { reply = "" } = msg;
    const { destination, lane, clock, stream } = this.#options;
    const told = read(msg, { destination, lane, now: clock.now() });
    if (told.message.id !== "") return new NatsDelivery(reply, ackMetadataOf(reply), told);
    // What others wrote without an id has the same one each time it comes.
    const message = { ...told.message, id: `${stream}/${placeOf(reply)}` };
    return new NatsDelivery(reply, ackMetadataOf(reply), { ...told, message });
  }

  /** The consumer was deleted, and with it all that is out. */
  #lostConsumer(link: ServerLink): void {
    this.#options.onDeleted();
    if (this.#link !== link) return;
    this.#unbroken.begin(0);
    this.#options.onLoss(this.#held.revoke().open.length);
  }

  #giveBackWaiting(): void {
    if (this.lane !== undefined) return;
    for (const { reply } of this.#held.takeWaiting()) this.#options.answers.nak(reply, 0);
  }
}
