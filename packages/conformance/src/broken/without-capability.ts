import {
  MessagingError,
  type Capabilities,
  type CapabilityName,
  type Transport,
} from "@waybill/core/transport";
import type { Breaker } from "./breakage.ts";
import { changed, changedDeliver, changedDelivery } from "./change.ts";

/** A transport that declares a capability as `none`, and refuses what asks for it as it must. */
export function withoutCapability(name: CapabilityName): Breaker {
  return (sound) => changed(refusing(sound, name), declared(sound, name, 0));
}

/** The same declaration over a transport that goes on doing it: what is declared is not what is so. */
export function pretendingNot(name: CapabilityName): Breaker {
  return (sound) => changed(sound, declared(sound, name, 1_000));
}

/** Transports know their capabilities once they are connected, so this asks anew each time. */
function declared(sound: Transport, name: CapabilityName, windowMs: number): Pick<Transport, "capabilities"> {
  return {
    get capabilities(): Capabilities {
      const none = { ...sound.capabilities[name], level: "none" as const, reason: "left out for the proof" };
      const window = name === "dedup" ? { windowMs } : {};
      return { ...sound.capabilities, [name]: { ...none, ...window } };
    },
  };
}

function refusing(sound: Transport, name: CapabilityName): Transport {
  switch (name) {
    case "order":
      return changed(sound, {
        provision: (topology, mode) =>
          topology.queues.some(({ lanes }) => lanes !== undefined)
            ? refuse(name)
            : sound.provision(topology, mode),
      });
    case "history":
      return changed(sound, {
        provision: (topology, mode) =>
          topology.topics.some(({ retainMs }) => retainMs !== undefined)
            ? refuse(name)
            : sound.provision(topology, mode),
      });
    case "deliverAt":
      return changed(sound, {
        publish: (batch) => sound.publish(batch.map((message) => ({ ...message, ...forever(message) }))),
      });
    case "deadLetters":
      return changed(sound, {
        subscribe: (source, deliver) =>
          source.kind === "dead-letters" ? refuse(name) : sound.subscribe(source, deliver),
      });
    case "requests":
      return changed(sound, { openReplyInbox: () => refuse(name) });
    case "attempts":
      return changedDeliver(
        sound,
        (deliver) => (delivery) => deliver(changedDelivery(delivery, { attemptSource: "unknown" })),
      );
    case "durable":
    case "dedup":
    case "settleOutOfOrder":
    case "retryDelay":
    case "freeRelease":
      return sound;
  }
}

/** Any delay becomes one that the broker refuses as too long. */
function forever({ deliverAt }: { readonly deliverAt: number | undefined }): {
  deliverAt: number | undefined;
} {
  return { deliverAt: deliverAt === undefined ? undefined : Number.MAX_SAFE_INTEGER };
}

function refuse(name: CapabilityName): Promise<never> {
  return Promise.reject(
    new MessagingError("capability-missing", {
      what: `This transport has no ${name}.`,
      advice: "Choose another, or do without.",
    }),
  );
}
