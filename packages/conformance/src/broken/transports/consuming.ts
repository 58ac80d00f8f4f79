import type { WireMessage } from "@waybill/core/transport";
import { bareMessage } from "../../scenarios/consuming/bare-message.ts";
import { deletedSource } from "../../scenarios/consuming/deleted-source.ts";
import { depth } from "../../scenarios/consuming/depth.ts";
import { mutation } from "../../scenarios/consuming/mutation.ts";
import { notProvisioned } from "../../scenarios/consuming/not-provisioned.ts";
import { nothingAltered } from "../../scenarios/consuming/nothing-altered.ts";
import { plainMessages } from "../../scenarios/consuming/plain-messages.ts";
import { groupDestination } from "../../scenarios/topics/group-destination.ts";
import { lateGroupHistory } from "../../scenarios/topics/late-group-history.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedDeliver, changedDelivery, changedMessages } from "../change.ts";

/** Like a text protocol with header lines. */
export const altersHeaders: BrokenTransport = {
  does: "trims header values",
  caughtBy: nothingAltered,
  breaker: () => (inner) =>
    changedMessages(inner, (message) => ({
      ...message,
      headers: Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, value.trim()]),
      ),
    })),
};

export const addsHeaders: BrokenTransport = {
  does: "adds a header of its own to delivered messages",
  caughtBy: bareMessage,
  breaker: () => (inner) =>
    changedMessages(inner, (message) => ({
      ...message,
      headers: { ...message.headers, "x-internal": "1" },
    })),
};

/** Like a client without null values: other readers then see an empty record instead of a tombstone. */
export const fillsTombstones: BrokenTransport = {
  does: "turns a null body into an empty one",
  caughtBy: plainMessages,
  breaker: () => (inner) =>
    changedMessages(inner, (message) =>
      message.record === undefined ? message : { ...message, record: { ...message.record, isNull: false } },
    ),
};

export const sharesMessages: BrokenTransport = {
  does: "delivers the same message object to every group and every redelivery",
  caughtBy: mutation,
  breaker: () => {
    const shared = new Map<string, WireMessage>();
    return (inner) =>
      changedDeliver(inner, (deliver) => (delivery) => {
        const message = shared.get(delivery.message.id) ?? delivery.message;
        shared.set(message.id, message);
        return deliver(changedDelivery(delivery, { message }));
      });
  },
};

export const subscribesToNothing: BrokenTransport = {
  does: "accepts a subscription to a missing source",
  caughtBy: notProvisioned,
  breaker: () => (inner) =>
    changed(inner, {
      subscribe: (source, deliver) =>
        inner
          .subscribe(source, deliver)
          .catch(() => ({ credit: () => undefined, drain: () => Promise.resolve() })),
    }),
};

export const hidesDeletions: BrokenTransport = {
  does: "does not report a deleted source",
  caughtBy: deletedSource,
  breaker: () => (inner) =>
    changed(inner, { subscribe: (source, deliver) => inner.subscribe(source, deliver) }),
};

export const miscounts: BrokenTransport = {
  does: "reports a depth of 0 while messages wait",
  caughtBy: depth,
  breaker: () => (inner) =>
    changed(inner, { depth: () => Promise.resolve({ ready: 0, unsettled: 0, delayed: 0 }) }),
};

export const alwaysConsumed: BrokenTransport = {
  does: "reports a consumer for every queue",
  caughtBy: depth,
  breaker: () => (inner) =>
    changed(inner, { depth: async (source) => ({ ...(await inner.depth(source)), members: 1 }) }),
};

export const replaysToAll: BrokenTransport = {
  does: "sends a message for one group to all groups of the topic",
  caughtBy: groupDestination,
  breaker: () => (inner) =>
    changedMessages(inner, (message) => {
      const { destination } = message;
      if (destination.kind !== "group") return message;
      return { ...message, destination: { kind: "topic", name: destination.topic } };
    }),
};

export const ignoresHistory: BrokenTransport = {
  does: "starts every group at the latest message",
  caughtBy: lateGroupHistory,
  breaker: () => (inner) =>
    changed(inner, {
      provision(topology, mode) {
        const groups = topology.groups.map((group) => ({ ...group, from: "latest" as const }));
        return inner.provision({ ...topology, groups }, mode);
      },
    }),
};
