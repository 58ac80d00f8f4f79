import { decode } from "../../codec/decode.ts";
import type { Clock } from "../../environment/clock.ts";
import { toMilliseconds } from "../../environment/duration.ts";
import { MessagingError, isMessagingError } from "../../environment/messaging-error.ts";
import type { Command } from "../../message/contract.ts";
import type { Envelope } from "../../message/envelope.ts";
import { checkData, type Refusal } from "../../pipeline/outgoing/check-data.ts";
import type { MaybePromise } from "../../pipeline/maybe-promise.ts";
import type { RequestOptions } from "../../pipeline/messenger.ts";
import type { OnLeave } from "../../pipeline/outgoing/outgoing-message.ts";
import { FAILURE_TYPE, replyType, type FailureData } from "../../pipeline/route.ts";
import type { ReplyInbox, Transport } from "../../spi/transport.ts";
import type { WireMessage } from "../../spi/wire-message.ts";
import { aborted, PendingReplies, type FailureOf, type PendingRequest } from "./pending-replies.ts";
import { RemoteError } from "./remote-error.ts";
import type { Retrying } from "../send/retrying.ts";
import type { Sender } from "../send/sender.ts";
import { withOwner } from "./owner-lookup.ts";

/** What a request takes along. */
export interface Departing {
  /** The return address. */
  readonly replyTo: string;
  /** How long its requester waits. */
  readonly timeoutMs: number;
  /** Called before it is stored. */
  readonly onLeave: OnLeave;
}

/** What a request needs of the bus: to leave. */
export type Leave = (departing: Departing) => Promise<unknown>;

export interface RequestsParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly retrying: Retrying;
  /** Takes back what has not left. */
  readonly sender: Pick<Sender, "withdraw" | "hasKept">;
  /** For a reply, unless the request says otherwise. */
  readonly timeoutMs: number;
}

export interface RequestFacts {
  readonly contract: Command;
  readonly options: RequestOptions | undefined;
  readonly isFromHandler: boolean;
}

interface Question extends RequestFacts {
  readonly timeoutMs: number;
  /** Where its reply goes. */
  readonly address: string;
}

/** The asking side of request and reply. The inbox is opened with the first request: who never asks pays nothing. */
export class Requests {
  readonly #parts: RequestsParts;
  readonly #pending: PendingReplies;
  #opening: Promise<ReplyInbox> | undefined = undefined;
  #inbox: ReplyInbox | undefined = undefined;
  /** Requests that wait for the inbox. */
  #early = 0;
  #isClosed = false;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
    this.#pending = new PendingReplies(parts.clock);
  }

  /** Whether the inbox is: then a request leaves at once. */
  get isOpen(): boolean {
    return this.#inbox !== undefined;
  }

  get waiting(): number {
    return this.#pending.size;
  }

  get lateReplies(): number {
    return this.#pending.late;
  }

  /** Sends by `leave` and resolves with the reply's data, checked. */
  request(facts: RequestFacts, leave: Leave): Promise<never> {
    const { timeout, signal } = facts.options ?? {};
    const timeoutMs = timeout === undefined ? this.#parts.timeoutMs : toMilliseconds(timeout, "timeout");
    if (signal?.aborted === true)
      return Promise.reject(aborted({ command: facts.contract.name, id: "", signal }, false));
    return this.#inbox === undefined
      ? this.#askEarly({ ...facts, timeoutMs }, leave)
      : this.#ask({ ...facts, timeoutMs, address: this.#inbox.address }, leave);
  }

  /** Waits for the inbox first: its time runs meanwhile, and its signal is heard. */
  #askEarly(facts: RequestFacts & { readonly timeoutMs: number }, leave: Leave): Promise<never> {
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
        isKept: () => true,
        withdraw: () => false,
        onOutcome: (outcome) => {
          this.#early -= 1;
          reject(outcome instanceof MessagingError ? outcome : neverAsked());
        },
      };
      this.#early += 1;
      this.#pending.wait(request);
      const go = (next: () => void): void => {
        if (!this.#pending.forget(request)) return;
        this.#early -= 1;
        next();
      };
      this.#open().then(
        ({ address }) =>
          go(() =>
            resolve(this.#ask({ ...facts, timeoutMs: Math.max(0, until - clock.now()), address }, leave)),
          ),
        (error: unknown) => go(() => reject(error)),
      );
    });
  }

  /** The usual request costs one promise of its own. */
  #ask({ contract, options, isFromHandler, timeoutMs, address }: Question, leave: Leave): Promise<never> {
    return new Promise((resolve, reject) => {
      let request: PendingRequest | undefined;
      let deadline = 0;
      const onOutcome = (outcome: Envelope | MessagingError): void => {
        if (isMessagingError(outcome, "request-timeout") && outcome.maybeStored === true)
          return void withOwner(outcome, contract, this.#parts).then(reject);
        if (outcome instanceof MessagingError) return reject(outcome);
        try {
          const data = this.#read(contract, outcome);
          // Checked: the verb's type says what it is.
          if (!(data instanceof Promise) || request === undefined) return resolve(data as never);
          data
            .then((read) => resolve(read as never), reject)
            .finally(this.#whileRead(request, deadline, reject));
        } catch (error) {
          reject(error);
        }
      };
      const { sender, clock } = this.#parts;
      const onLeave: OnLeave = (sent, wire) => {
        request = {
          id: sent.id,
          command: contract.name,
          timeoutMs,
          signal: options?.signal,
          isFromHandler,
          isKept: () => sender.hasKept(wire),
          withdraw: () => sender.withdraw(wire),
          onOutcome,
        };
        deadline = clock.now() + timeoutMs;
        this.#pending.wait(request);
      };
      leave({ replyTo: address, timeoutMs, onLeave }).catch((error: unknown) => {
        reject(error);
        if (request !== undefined) this.#pending.forget(request);
      });
    });
  }

  /**
   * Its reply has come, and its schema takes time: until it has answered, timeout, signal and stop end the request as before.
   * @returns what ends this wait
   */
  #whileRead(request: PendingRequest, deadline: number, fail: (error: unknown) => void): () => void {
    const reading: PendingRequest = {
      ...request,
      isAnswered: true,
      onOutcome: (outcome) => {
        if (outcome instanceof MessagingError) fail(outcome);
      },
    };
    this.#pending.wait(reading, Math.max(0, deadline - this.#parts.clock.now()));
    return () => void this.#pending.forget(reading);
  }

  /** Fails the requests that are meant, all by default. */
  fail(failure: FailureOf, isMeant?: (request: PendingRequest) => boolean): void {
    this.#pending.fail(failure, isMeant);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.then((inbox) => inbox.close());
  }

  /** While the broker is away it is tried again, as long as a request waits for it. */
  #open(): Promise<ReplyInbox> {
    this.#opening ??= this.#parts.retrying
      .run(() => this.#parts.transport.openReplyInbox((message) => this.#receive(message)), {
        until: Number.POSITIVE_INFINITY,
        isWanted: () => this.#early > 0 && !this.#isClosed,
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

  /** Anybody can write to an inbox: what cannot be read, or answers nothing, is counted and dropped. */
  #receive(message: WireMessage): void {
    let reply: Envelope | undefined;
    try {
      reply = decode(message, () => undefined);
    } catch {
      reply = undefined;
    }
    this.#pending.settle(reply);
  }

  #read(contract: Command, reply: Envelope): MaybePromise<unknown> {
    if (reply.type === FAILURE_TYPE)
      throw new RemoteError(contract.name, failureOf(reply), reply.causationId ?? reply.id);
    const wanted = replyType(contract.name);
    if (reply.type !== wanted)
      throw invalidReply(contract, reply, {
        issues: `its type is ${reply.type}, not ${wanted}`,
        cause: undefined,
      });
    const { reply: schema } = contract;
    const refuse: Refusal = (issues, cause) => invalidReply(contract, reply, { issues, cause });
    return schema && checkData(schema, reply.data, { refuse, clock: this.#parts.clock });
  }
}

/** Never seen by a caller: no reply names a request that has not left. */
function neverAsked(): MessagingError {
  return new MessagingError("request-aborted", { what: "The request never left.", advice: "Ask again." });
}

function invalidReply(
  { name }: Command,
  { causationId }: Envelope,
  { issues, cause }: { readonly issues: string; readonly cause: unknown },
): MessagingError {
  return new MessagingError("invalid-reply", {
    what: `The reply to ${name} ${causationId ?? ""} does not match its schema: ${issues}.`,
    advice: "Caller and owner disagree about the contract: the command was handled all the same.",
    messageId: causationId,
    cause,
  });
}

/** A failure as it came, whoever wrote it. */
function failureOf({ data }: Envelope): FailureData {
  const facts: object = typeof data === "object" && data !== null ? data : {};
  const text = (name: keyof FailureData): string => {
    const value: unknown = Reflect.get(facts, name);
    return typeof value === "string" ? value : "unknown";
  };
  return { code: text("code"), message: text("message"), service: text("service") };
}
