import type {
  Deliver,
  PublishResult,
  Source,
  Subscription,
  Transport,
  TransportState,
  WireMessage,
} from "@waybill/core/transport";
import { CAPABILITIES } from "../../packages/memory/src/capabilities.ts";

/** A transport without a broker: the fuzzer supplies the deliveries, and sent messages are dropped. */
export class StubTransport implements Transport {
  readonly name = "memory";
  readonly capabilities = CAPABILITIES;
  readonly #delivers = new Map<string, Deliver>();
  /** Returns the result of each publish. */
  answer: (message: WireMessage) => PublishResult = () => ({ ok: true });

  deliverOf(kind: Source["kind"]): Deliver {
    const found = this.#delivers.get(kind);
    if (found === undefined) throw new Error(`no subscription reads a source of kind ${kind}`);
    return found;
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  provision(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  publish(batch: readonly WireMessage[]): Promise<readonly PublishResult[]> {
    return Promise.resolve(batch.map((message) => this.answer(message)));
  }

  subscribe(source: Source, deliver: Deliver): Promise<Subscription> {
    this.#delivers.set(source.kind, deliver);
    return Promise.resolve({ credit: () => undefined, drain: () => Promise.resolve() });
  }

  openReplyInbox(): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
    return Promise.resolve({ address: "waybill.reply.fuzz", close: () => Promise.resolve() });
  }

  onState(listener: (state: TransportState) => void): () => void {
    listener({ status: "ready", reason: undefined });
    return () => undefined;
  }

  depth(): Promise<{ readonly ready: number; readonly unsettled: number; readonly delayed: number }> {
    return Promise.resolve({ ready: 0, unsettled: 0, delayed: 0 });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
