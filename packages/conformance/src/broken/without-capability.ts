import {
  type Capabilities,
  type CapabilityName,
  MessagingError,
  type Transport,
} from "@waybill/core/transport";
import type { Breaker } from "./broken-transport.ts";
import { changed, changedDeliver, changedDelivery } from "./change.ts";

/** Returns a breaker whose transports declare a capability as `none` and refuse its use, as they must. */
export function withoutCapability(name: CapabilityName): Breaker {
  return (inner) => changed(refusing(inner, name), declared(inner, name, 0));
}

/** Returns a breaker whose transports declare a capability as `none` but still provide it: a false declaration. */
export function pretendingNot(name: CapabilityName): Breaker {
  return (inner) => changed(inner, declared(inner, name, 1_000));
}

/** Reads the capabilities at each access, because a transport knows them only once it is connected. */
function declared(inner: Transport, name: CapabilityName, windowMs: number): Pick<Transport, "capabilities"> {
  return {
    get capabilities(): Capabilities {
      const none = { ...inner.capabilities[name], level: "none" as const, reason: "removed for this test" };
      const window = name === "dedup" ? { windowMs } : {};
      return { ...inner.capabilities, [name]: { ...none, ...window } };
    },
  };
}

function refusing(inner: Transport, name: CapabilityName): Transport {
  switch (name) {
    case "order":
      return changed(inner, {
        provision: (topology, mode) =>
          topology.queues.some(({ lanes }) => lanes !== undefined)
            ? refuse(name)
            : inner.provision(topology, mode),
      });
    case "history":
      return changed(inner, {
        provision: (topology, mode) =>
          topology.topics.some(({ retainMs }) => retainMs !== undefined)
            ? refuse(name)
            : inner.provision(topology, mode),
      });
    case "deliverAt":
      return changed(inner, {
        publish: (batch) => inner.publish(batch.map((message) => ({ ...message, ...forever(message) }))),
      });
    case "deadLetters":
      return changed(inner, {
        subscribe: (source, deliver) =>
          source.kind === "dead-letters" ? refuse(name) : inner.subscribe(source, deliver),
      });
    case "requests":
      return changed(inner, { openReplyInbox: () => refuse(name) });
    case "attempts":
      return changedDeliver(
        inner,
        (deliver) => (delivery) => deliver(changedDelivery(delivery, { attemptSource: "unknown" })),
      );
    case "durable":
    case "dedup":
    case "settleOutOfOrder":
    case "retryDelay":
    case "freeRelease":
      return inner;
  }
}

/** Returns a due time that the broker refuses as too late, for any delayed message. */
function forever({ deliverAt }: { readonly deliverAt: number | undefined }): {
  deliverAt: number | undefined;
} {
  return { deliverAt: deliverAt === undefined ? undefined : Number.MAX_SAFE_INTEGER };
}

function refuse(name: CapabilityName): Promise<never> {
  return Promise.reject(
    new MessagingError("capability-missing", {
      what: `This transport has no ${name}.`,
      advice: "Choose another transport, or do not use this capability.",
    }),
  );
}
