import { decode } from "../codec/decode.ts";
import type { Clock } from "../ground/clock.ts";
import { toMilliseconds } from "../ground/duration.ts";
import { MessagingError } from "../ground/messaging-error.ts";
import type { Command } from "../message/contract.ts";
import type { Envelope } from "../message/envelope.ts";
import { checkData } from "../pipeline/check-data.ts";
import type { RequestOptions } from "../pipeline/messenger.ts";
import { FAILURE_TYPE, type FailureData } from "../pipeline/route.ts";
import type { ReplyInbox, Transport } from "../spi/transport.ts";
import type { WireMessage } from "../spi/wire-message.ts";
import { PendingReplies, type PendingRequest } from "./pending-replies.ts";
import { RemoteError } from "./remote-error.ts";

/** What a request needs of the bus: to leave, with its return address. `onLeave` is called before it is stored. */
export type Leave = (replyTo: string, onLeave: (envelope: Envelope) => void) => Promise<unknown>;

export interface RequestFacts {
  readonly contract: Command;
  readonly options: RequestOptions | undefined;
  readonly isFromHandler: boolean;
}

/** The asking side of request and reply. The inbox is opened with the first request: who never asks pays nothing. */
export class Requests {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #pending: PendingReplies;
  #inbox: Promise<ReplyInbox> | undefined = undefined;

  constructor(transport: Transport, clock: Clock, timeoutMs: number) {
    this.#transport = transport;
    this.#timeoutMs = timeoutMs;
    this.#pending = new PendingReplies(clock);
  }

  get waiting(): number {
    return this.#pending.size;
  }

  get lateReplies(): number {
    return this.#pending.late;
  }

  /** Sends by `leave` and resolves with the reply's data, checked. */
  async request({ contract, options, isFromHandler }: RequestFacts, leave: Leave): Promise<never> {
    const timeout = options?.timeout;
    const timeoutMs = timeout === undefined ? this.#timeoutMs : toMilliseconds(timeout, "timeout");
    const inbox = await this.#open();
    const reply = await new Promise<Envelope>((resolve, reject) => {
      let id: string | undefined;
      const onLeave = (sent: Envelope): void => {
        id = sent.id;
        const request = { id, command: contract.name, timeoutMs, signal: options?.signal, isFromHandler };
        this.#pending.wait(request).then(resolve, reject);
      };
      leave(inbox.address, onLeave).catch((error: unknown) => {
        reject(error);
        if (id !== undefined) this.#pending.forget(id);
      });
    });
    return this.#read(contract, reply);
  }

  /** Fails the requests that are meant. */
  fail(error: (request: PendingRequest) => MessagingError | undefined): void {
    this.#pending.fail(error);
  }

  async close(): Promise<void> {
    await (await this.#inbox)?.close();
  }

  #open(): Promise<ReplyInbox> {
    this.#inbox ??= this.#transport
      .openReplyInbox((message) => this.#receive(message))
      .catch((error: unknown) => {
        this.#inbox = undefined;
        throw error;
      });
    return this.#inbox;
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

  async #read(contract: Command, reply: Envelope): Promise<never> {
    if (reply.type === FAILURE_TYPE)
      throw new RemoteError(contract.name, failureOf(reply), reply.causationId ?? reply.id);
    const { reply: schema } = contract;
    const checked =
      schema &&
      checkData(schema, reply.data, (issues, cause) => invalidReply(contract, reply, { issues, cause }));
    return (await checked) as never; // checked: the verb's type says what it is
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
