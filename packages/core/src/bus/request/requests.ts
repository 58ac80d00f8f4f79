import { decode } from "../../codec/decode.ts";
import type { Clock } from "../../environment/clock.ts";
import { toMilliseconds } from "../../environment/duration.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import type { Command } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import type { RequestOptions } from "../../pipeline/messenger.ts";
import type { BeforeStore } from "../../pipeline/outgoing/outgoing-message.ts";
import type { ReplyInbox, Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { PendingReplies, type PendingRequest } from "./pending-replies.ts";
import { aborted, neverSent, type RequestFailure } from "./request-errors.ts";
import { readReply } from "./read-reply.ts";
import type { Retrying } from "../send/retrying.ts";
import type { Sender } from "../send/sender.ts";
import { withOwner } from "./owner-lookup.ts";

/** The parts of a command that its request determines. */
export interface RequestDispatch {
  /** The return address. */
  readonly replyTo: string;
  /** How long the requester waits for the reply. */
  readonly timeoutMs: number;
  /** Called before the command is stored. */
  readonly beforeStore: BeforeStore;
}

/** Sends the command of a request. Resolves once it is stored. */
export type DispatchRequest = (dispatch: RequestDispatch) => Promise<unknown>;

export interface RequestsParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly retrying: Retrying;
  /** Removes commands from the send buffer. */
  readonly sender: Pick<Sender, "withdraw" | "isBuffered">;
  /** How long a request waits for its reply by default. */
  readonly timeoutMs: number;
}

export interface RequestFacts {
  readonly contract: Command;
  readonly options: RequestOptions | undefined;
  readonly isFromHandler: boolean;
}

interface PreparedRequest extends RequestFacts {
  readonly timeoutMs: number;
  /** The return address. */
  readonly address: string;
}

/**
 * The requests of a bus, with their deadlines, and its reply inbox. The first request opens the inbox: a bus without
 * requests has none.
 */
export class Requests {
  readonly #parts: RequestsParts;
  readonly #pending: PendingReplies;
  #opening: Promise<ReplyInbox> | undefined = undefined;
  #inbox: ReplyInbox | undefined = undefined;
  /** The number of requests that wait for the inbox. */
  #waitingForInbox = 0;
  #isClosed = false;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
    this.#pending = new PendingReplies(parts.clock);
  }

  /** Whether the inbox is open: then a request is sent at once. */
  get isOpen(): boolean {
    return this.#inbox !== undefined;
  }

  get waiting(): number {
    return this.#pending.size;
  }

  get lateReplies(): number {
    return this.#pending.late;
  }

  /** Sends a command with `dispatch` and resolves with the validated data of its reply. */
  request(facts: RequestFacts, dispatch: DispatchRequest): Promise<never> {
    const { timeout, signal } = facts.options ?? {};
    const timeoutMs = timeout === undefined ? this.#parts.timeoutMs : toMilliseconds(timeout, "timeout");
    if (signal?.aborted === true)
      return Promise.reject(aborted({ command: facts.contract.name, id: "", signal }, false));
    return this.#inbox === undefined
      ? this.#sendOnceOpen({ ...facts, timeoutMs }, dispatch)
      : this.#send({ ...facts, timeoutMs, address: this.#inbox.address }, dispatch);
  }

  /**
   * Opens the inbox, then sends the command. The timeout of the request includes the wait for the inbox, and its
   * signal ends that wait too.
   */
  #sendOnceOpen(
    facts: RequestFacts & { readonly timeoutMs: number },
    dispatch: DispatchRequest,
  ): Promise<never> {
    const { clock } = this.#parts;
    const { contract, options, isFromHandler, timeoutMs } = facts;
    const until = clock.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      const request: PendingRequest = {
        id: "",
        command: contract.name,
        timeoutMs,
        signal: options?.signal,
        isFromHandler,
        isBuffered: () => true,
        withdraw: () => false,
        onOutcome: (outcome) => {
          this.#waitingForInbox -= 1;
          reject(outcome instanceof MessagingError ? outcome : neverSent());
        },
      };
      this.#waitingForInbox += 1;
      this.#pending.wait(request);
      const proceed = (next: () => void): void => {
        if (!this.#pending.forget(request)) return;
        this.#waitingForInbox -= 1;
        next();
      };
      this.#open().then(
        ({ address }) =>
          proceed(() => {
            const leftMs = Math.max(0, until - clock.now());
            resolve(this.#send({ ...facts, timeoutMs: leftMs, address }, dispatch));
          }),
        (error: unknown) => proceed(() => reject(error)),
      );
    });
  }

  /**
   * Sends the command and waits for its reply. It is not an async function, so that a request usually costs one
   * promise.
   */
  #send(prepared: PreparedRequest, dispatch: DispatchRequest): Promise<never> {
    const { contract, options, isFromHandler, timeoutMs, address } = prepared;
    const { sender, clock } = this.#parts;
    return new Promise((resolve, reject) => {
      let request: PendingRequest | undefined;
      let deadline = 0;
      const onOutcome = (outcome: Envelope | MessagingError): void => {
        if (isMessagingError(outcome, "request-timeout") && outcome.maybeStored === true)
          return void withOwner(outcome, contract, this.#parts).then(reject);
        if (outcome instanceof MessagingError) return reject(outcome);
        try {
          const data = readReply(contract, outcome, clock);
          // The schema has validated the data, so the cast to the type of the reply is safe.
          if (!(data instanceof Promise) || request === undefined) return resolve(data as never);
          data
            .then((read) => resolve(read as never), reject)
            .finally(this.#whileValidating(request, deadline, reject));
        } catch (error) {
          reject(error);
        }
      };
      const beforeStore: BeforeStore = (sent, wire) => {
        request = {
          id: sent.id,
          command: contract.name,
          timeoutMs,
          signal: options?.signal,
          isFromHandler,
          isBuffered: () => sender.isBuffered(wire),
          withdraw: () => sender.withdraw(wire),
          onOutcome,
        };
        deadline = clock.now() + timeoutMs;
        this.#pending.wait(request);
      };
      dispatch({ replyTo: address, timeoutMs, beforeStore }).catch((error: unknown) => {
        reject(error);
        if (request !== undefined) this.#pending.forget(request);
      });
    });
  }

  /**
   * Lets timeout, signal and stop end a request whose reply is there and whose schema validates asynchronously.
   * @returns a function that ends this wait
   */
  #whileValidating(request: PendingRequest, deadline: number, fail: (error: unknown) => void): () => void {
    const validating: PendingRequest = {
      ...request,
      isAnswered: true,
      onOutcome: (outcome) => {
        if (outcome instanceof MessagingError) fail(outcome);
      },
    };
    this.#pending.wait(validating, Math.max(0, deadline - this.#parts.clock.now()));
    return () => void this.#pending.forget(validating);
  }

  /** Fails the requests that `matches` accepts; all by default. */
  fail(failure: RequestFailure, matches?: (request: PendingRequest) => boolean): void {
    this.#pending.fail(failure, matches);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.then((inbox) => inbox.close());
  }

  /** Opens the inbox. While the broker is unreachable it retries, as long as a request waits for the inbox. */
  #open(): Promise<ReplyInbox> {
    this.#opening ??= this.#parts.retrying
      .run(() => this.#parts.transport.openReplyInbox((message) => this.#receive(message)), {
        until: Number.POSITIVE_INFINITY,
        isWanted: () => this.#waitingForInbox > 0 && !this.#isClosed,
      })
      .then(
        (inbox) => (this.#inbox = inbox),
        (error: unknown) => {
          this.#opening = undefined;
          throw error;
        },
      );
    return this.#opening;
  }

  /** Any process can write to an inbox: an unreadable message is counted and dropped. */
  #receive(message: WireMessage): void {
    let reply: Envelope | undefined;
    try {
      reply = decode(message, () => undefined);
    } catch {
      reply = undefined;
    }
    this.#pending.settle(reply);
  }
}
