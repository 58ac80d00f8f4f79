import { decode } from "../codec/decode.ts";
import type { Clock } from "../ground/clock.ts";
import { toMilliseconds } from "../ground/duration.ts";
import { MessagingError } from "../ground/messaging-error.ts";
import type { Command } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import { checkData, type Refusal } from "../pipeline/check-data.ts";
import type { MaybePromise } from "../pipeline/maybe-promise.ts";
import type { RequestOptions } from "../pipeline/messenger.ts";
import { FAILURE_TYPE, replyType, type FailureData } from "../pipeline/route.ts";
import type { ReplyInbox, Transport } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import { PendingReplies, type PendingRequest } from "./pending-replies.ts";
import { RemoteError } from "./remote-error.ts";

/** What a request takes along. */
export interface Departing {
  /** The return address. */
  readonly replyTo: string;
  /** How long its requester waits. */
  readonly timeoutMs: number;
  /** Called before it is stored. */
  readonly onLeave: (envelope: Envelope) => void;
}

/** What a request needs of the bus: to leave. */
export type Leave = (departing: Departing) => Promise<unknown>;

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
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #pending: PendingReplies;
  #inbox: Promise<ReplyInbox> | undefined = undefined;
  /** Of the inbox, once it is open. */
  #address: string | undefined = undefined;

  constructor(transport: Transport, clock: Clock, timeoutMs: number) {
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#pending = new PendingReplies(clock);
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#pending.size;
  }

  get lateReplies(): number {
    return this.#pending.late;
  }

  /** Sends by `leave` and resolves with the reply's data, checked. */
  request(facts: RequestFacts, leave: Leave): Promise<never> {
    const timeout = facts.options?.timeout;
    const timeoutMs = timeout === undefined ? this.#timeoutMs : toMilliseconds(timeout, "timeout");
    const ask = (address: string): Promise<never> => this.#ask({ ...facts, timeoutMs, address }, leave);
    return this.#address === undefined ? this.#open().then(ask) : ask(this.#address);
  }

  /** The usual request costs one promise of its own. */
  #ask({ contract, options, isFromHandler, timeoutMs, address }: Question, leave: Leave): Promise<never> {
    return new Promise((resolve, reject) => {
      let request: PendingRequest | undefined;
      let deadline = 0;
      const onOutcome = (outcome: Envelope | MessagingError): void => {
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
      const onLeave = (sent: Envelope): void => {
        const signal = options?.signal;
        request = { id: sent.id, command: contract.name, timeoutMs, signal, isFromHandler, onOutcome };
        deadline = this.#clock.now() + timeoutMs;
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
    this.#pending.wait(reading, Math.max(0, deadline - this.#clock.now()));
    return () => this.#pending.forget(reading);
  }

  /** Fails the requests that are meant. */
  fail(error: (request: PendingRequest) => MessagingError | undefined): void {
    this.#pending.fail(error);
  }

  async close(): Promise<void> {
    await (await this.#inbox)?.close();
  }

  async #open(): Promise<string> {
    this.#inbox ??= this.#transport
      .openReplyInbox((message) => this.#receive(message))
      .catch((error: unknown) => {
        this.#inbox = undefined;
        throw error;
      });
    this.#address = (await this.#inbox).address;
    return this.#address;
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
    return schema && checkData(schema, reply.data, { refuse, clock: this.#clock });
  }
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
