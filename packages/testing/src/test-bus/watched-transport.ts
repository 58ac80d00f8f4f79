import {
  HEADER,
  type Deliver,
  type PublishResult,
  type Settlement,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";

/** What a watcher is told, as it happens. */
export interface Watcher {
  /** A message was stored by the broker; a resend is told again. */
  stored(message: WireMessage): void;
  /** A delivery was answered by its service. */
  answered(message: WireMessage, service: string, settlement: Settlement): void;
}

/** The same transport, with a watcher beside it. */
export function watchedTransport(transport: Transport, watcher: Watcher): Transport {
  const watch = (deliver: Deliver, service: string): Deliver => {
    return async (delivery) => {
      const settlement = await deliver(delivery);
      watcher.answered(delivery.message, service, settlement);
      return settlement;
    };
  };
  return {
    name: transport.name,
    get capabilities() {
      return transport.capabilities;
    },
    connect: (signal) => transport.connect(signal),
    provision: (topology, mode) => transport.provision(topology, mode),
    publish: async (batch) => {
      const results = await transport.publish(batch);
      for (const [at, message] of batch.entries()) if (isStored(results[at])) watcher.stored(message);
      return results;
    },
    subscribe: (source, deliver) =>
      transport.subscribe(source, source.kind === "dead-letters" ? deliver : watch(deliver, source.group)),
    openReplyInbox: (onReply) => transport.openReplyInbox(onReply),
    takesReplies: (address) => transport.takesReplies?.(address) ?? true,
    onState: (listener) => transport.onState(listener),
    depth: (source) => transport.depth(source),
    close: (deadline) => transport.close(deadline),
  };
}

function isStored(result: PublishResult | undefined): boolean {
  return result !== undefined && (result.ok || result.error.maybeStored);
}

/** Why a message was given up, as its new headers tell. */
export function reasonOf(settlement: Settlement): string | undefined {
  if (settlement.type !== "dead-letter") return undefined;
  const { headers } = settlement;
  return `${headers[HEADER.failureMessage] ?? ""} (${headers[HEADER.failureCode] ?? "unknown"}, ${headers[HEADER.failureTries] ?? "?"} tries)`;
}
