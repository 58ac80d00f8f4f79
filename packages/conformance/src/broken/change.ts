import type {
  Deliver,
  Delivery,
  PublishResult,
  Source,
  Subscription,
  Transport,
  WireMessage,
} from "@waybill/core/transport";

/** Returns a transport with the given members replaced. */
export function changed(inner: Transport, changes: Partial<Transport>): Transport {
  return {
    name: inner.name,
    get capabilities() {
      return changes.capabilities ?? inner.capabilities;
    },
    connect: changes.connect ?? ((signal, warn) => inner.connect(signal, warn)),
    provision: changes.provision ?? ((topology, mode) => inner.provision(topology, mode)),
    publish: changes.publish ?? ((batch) => inner.publish(batch)),
    refusalOf: changes.refusalOf ?? ((message) => inner.refusalOf?.(message)),
    subscribe: changes.subscribe ?? ((source, deliver, report) => inner.subscribe(source, deliver, report)),
    openReplyInbox: changes.openReplyInbox ?? ((onReply) => inner.openReplyInbox(onReply)),
    takesReplies: changes.takesReplies ?? ((address) => inner.takesReplies?.(address) ?? true),
    onState: changes.onState ?? ((listener) => inner.onState(listener)),
    depth: changes.depth ?? ((source) => inner.depth(source)),
    close: changes.close ?? ((deadline) => inner.close(deadline)),
  };
}

/** Returns a transport that changes every published message. */
export function changedMessages(inner: Transport, change: (message: WireMessage) => WireMessage): Transport {
  return changed(inner, { publish: (batch) => inner.publish(batch.map(change)) });
}

/** Returns a transport that changes the results of every publish. */
export function changedResults(
  inner: Transport,
  change: (results: readonly PublishResult[]) => readonly PublishResult[],
): Transport {
  return changed(inner, { publish: async (batch) => change(await inner.publish(batch)) });
}

/** Returns a transport that wraps the callback of every subscription. */
export function changedDeliver(inner: Transport, change: (deliver: Deliver) => Deliver): Transport {
  return changed(inner, {
    subscribe: (source, deliver, report) => inner.subscribe(source, change(deliver), report),
  });
}

/** Returns a transport that wraps the callback of every subscription, depending on its source. */
export function changedSubscribe(
  inner: Transport,
  change: (source: Source, deliver: Deliver) => Deliver,
): Transport {
  return changed(inner, {
    subscribe: (source, deliver, report) => inner.subscribe(source, change(source, deliver), report),
  });
}

/** Returns a delivery with the given members replaced. Its signal is still created only when read. */
export function changedDelivery(delivery: Delivery, changes: Partial<Delivery>): Delivery {
  return {
    message: changes.message ?? delivery.message,
    attempt: changes.attempt ?? delivery.attempt,
    attemptSource: changes.attemptSource ?? delivery.attemptSource,
    lane: delivery.lane,
    get signal() {
      return changes.signal ?? delivery.signal;
    },
  };
}

/** Returns a subscription with the given members replaced. */
export function changedSubscription(inner: Subscription, changes: Partial<Subscription>): Subscription {
  return {
    credit: changes.credit ?? ((window) => inner.credit(window)),
    drain: changes.drain ?? ((deadline) => inner.drain(deadline)),
  };
}

/** Returns a transport that replaces members of every subscription. */
export function changedSubscriptions(
  inner: Transport,
  change: (subscription: Subscription) => Partial<Subscription>,
): Transport {
  return changed(inner, {
    async subscribe(source, deliver, report) {
      const subscription = await inner.subscribe(source, deliver, report);
      return changedSubscription(subscription, change(subscription));
    },
  });
}

/** Returns a transport that receives some messages and never delivers them: they stay in flight. */
export function withholding(inner: Transport, isWithheld: (message: WireMessage) => boolean): Transport {
  return changedDeliver(
    inner,
    (deliver) => (delivery) =>
      isWithheld(delivery.message) ? new Promise(() => undefined) : deliver(delivery),
  );
}
