import type {
  Deliver,
  Delivery,
  PublishResult,
  Source,
  Subscription,
  Transport,
  WireMessage,
} from "@waybill/core/transport";

/** A transport like another, but for what is changed. */
export function changed(sound: Transport, changes: Partial<Transport>): Transport {
  return {
    name: sound.name,
    get capabilities() {
      return changes.capabilities ?? sound.capabilities;
    },
    connect: changes.connect ?? ((signal, tell) => sound.connect(signal, tell)),
    provision: changes.provision ?? ((topology, mode) => sound.provision(topology, mode)),
    publish: changes.publish ?? ((batch) => sound.publish(batch)),
    refusalOf: changes.refusalOf ?? ((message) => sound.refusalOf?.(message)),
    subscribe: changes.subscribe ?? ((source, deliver, report) => sound.subscribe(source, deliver, report)),
    openReplyInbox: changes.openReplyInbox ?? ((onReply) => sound.openReplyInbox(onReply)),
    takesReplies: changes.takesReplies ?? ((address) => sound.takesReplies?.(address) ?? true),
    onState: changes.onState ?? ((listener) => sound.onState(listener)),
    depth: changes.depth ?? ((source) => sound.depth(source)),
    close: changes.close ?? ((deadline) => sound.close(deadline)),
  };
}

/** A transport that alters every message on its way to the broker. */
export function changedMessages(sound: Transport, change: (message: WireMessage) => WireMessage): Transport {
  return changed(sound, { publish: (batch) => sound.publish(batch.map(change)) });
}

/** A transport that alters every answer to a publish. */
export function changedResults(
  sound: Transport,
  change: (results: readonly PublishResult[]) => readonly PublishResult[],
): Transport {
  return changed(sound, { publish: async (batch) => change(await sound.publish(batch)) });
}

/** A transport that comes between its consumers and what they are handed. */
export function changedDeliver(sound: Transport, change: (deliver: Deliver) => Deliver): Transport {
  return changed(sound, {
    subscribe: (source, deliver, report) => sound.subscribe(source, change(deliver), report),
  });
}

/** A transport that comes between, and looks at the source. */
export function changedSubscribe(
  sound: Transport,
  change: (source: Source, deliver: Deliver) => Deliver,
): Transport {
  return changed(sound, {
    subscribe: (source, deliver, report) => sound.subscribe(source, change(source, deliver), report),
  });
}

/** A delivery like another, but for what is changed. Its signal stays lazy. */
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

/** A subscription like another, but for what is changed. */
export function changedSubscription(sound: Subscription, changes: Partial<Subscription>): Subscription {
  return {
    credit: changes.credit ?? ((window) => sound.credit(window)),
    drain: changes.drain ?? ((deadline) => sound.drain(deadline)),
  };
}

/** A transport that alters what its subscriptions do. */
export function changedSubscriptions(
  sound: Transport,
  change: (subscription: Subscription) => Partial<Subscription>,
): Transport {
  return changed(sound, {
    async subscribe(source, deliver, report) {
      const subscription = await sound.subscribe(source, deliver, report);
      return changedSubscription(subscription, change(subscription));
    },
  });
}

/** A transport that never hands out some messages: they stay in its hands. */
export function keepingInHand(sound: Transport, isKept: (message: WireMessage) => boolean): Transport {
  return changedDeliver(
    sound,
    (deliver) => (delivery) => (isKept(delivery.message) ? new Promise(() => undefined) : deliver(delivery)),
  );
}
