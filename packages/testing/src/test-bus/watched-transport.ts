import {
  HEADER,
  type Deliver,
  type PublishResult,
  type Settlement,
  type Transport,
  type WireMessage,
} from "@waybill/core/transport";

/** Receives the events of a watched transport. */
export interface Watcher {
  /** The broker has stored a message. A resend calls this again. */
  stored(message: WireMessage): void;
  /** A service has settled a delivery. */
  settled(message: WireMessage, service: string, settlement: Settlement): void;
}

/** Returns a transport that reports its messages and settlements to a watcher. */
export function watchedTransport(transport: Transport, watcher: Watcher): Transport {
  const watch = (deliver: Deliver, service: string): Deliver => {
    return async (delivery) => {
      const settlement = await deliver(delivery);
      watcher.settled(delivery.message, service, settlement);
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

/** Returns the failure in the headers of a dead letter; undefined for other settlements. */
export function reasonOf(settlement: Settlement): string | undefined {
  if (settlement.type !== "dead-letter") return undefined;
  const { headers } = settlement;
  return `${headers[HEADER.failureMessage] ?? ""} (${headers[HEADER.failureCode] ?? "unknown"}, ${headers[HEADER.failureTries] ?? "?"} tries)`;
}
