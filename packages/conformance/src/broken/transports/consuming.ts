import { bareMessage } from "../../scenarios/consuming/bare-message.ts";
import type { Breakage } from "../breakage.ts";
import { changedMessages, changed, changedDeliver, changedDelivery } from "../change.ts";
import { nothingAltered } from "../../scenarios/consuming/nothing-altered.ts";
import { plainMessages } from "../../scenarios/consuming/plain-messages.ts";
import { deletedSource } from "../../scenarios/consuming/deleted-source.ts";
import { depth } from "../../scenarios/consuming/depth.ts";
import { lateGroupHistory } from "../../scenarios/topics/late-group-history.ts";
import { slowHandler } from "../../scenarios/consuming/slow-handler.ts";
import { groupDestination } from "../../scenarios/topics/group-destination.ts";
import type { WireMessage } from "@waybill/core/transport";
import { mutation } from "../../scenarios/consuming/mutation.ts";
import { notProvisioned } from "../../scenarios/consuming/not-provisioned.ts";

export const addsHeaders: Breakage = {
  does: "shows consumers headers of its own",
  caughtBy: bareMessage,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      headers: { ...message.headers, "x-internal": "1" },
    })),
};

/** As header lines of a text protocol do. */
export const altersHeaders: Breakage = {
  does: "trims the values of headers",
  caughtBy: nothingAltered,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => ({
      ...message,
      headers: Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, value.trim()]),
      ),
    })),
};

/** What a client does that knows no null: others then read a record where there was a tombstone. */
export const fillsTombstones: Breakage = {
  does: "takes a null body for an empty one",
  caughtBy: plainMessages,
  breaker: () => (sound) =>
    changedMessages(sound, (message) =>
      message.record === undefined ? message : { ...message, record: { ...message.record, isNull: false } },
    ),
};

export const hidesDeletions: Breakage = {
  does: "reports no problem of a source",
  caughtBy: deletedSource,
  breaker: () => (sound) =>
    changed(sound, { subscribe: (source, deliver) => sound.subscribe(source, deliver) }),
};

export const miscounts: Breakage = {
  does: "counts what waits without what is delayed or held",
  caughtBy: depth,
  breaker: () => (sound) =>
    changed(sound, { depth: () => Promise.resolve({ ready: 0, unsettled: 0, delayed: 0 }) }),
};

export const missesHistory: Breakage = {
  does: "starts every group at the latest",
  caughtBy: lateGroupHistory,
  breaker: () => (sound) =>
    changed(sound, {
      provision(topology, mode) {
        const groups = topology.groups.map((group) => ({ ...group, from: "latest" as const }));
        return sound.provision({ ...topology, groups }, mode);
      },
    }),
};

export const neverDeserted: Breakage = {
  does: "says of every queue that somebody consumes it",
  caughtBy: depth,
  breaker: () => (sound) =>
    changed(sound, { depth: async (source) => ({ ...(await sound.depth(source)), members: 1 }) }),
};

export const oneAtATime: Breakage = {
  does: "waits for every answer before it hands out the next message",
  caughtBy: slowHandler,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => {
      let before: Promise<unknown> = Promise.resolve();
      return (delivery) => {
        const answer = before.then(() => deliver(delivery));
        before = answer;
        return answer;
      };
    }),
};

export const replaysToAll: Breakage = {
  does: "sends what is meant for one group to all of a topic",
  caughtBy: groupDestination,
  breaker: () => (sound) =>
    changedMessages(sound, (message) => {
      const { destination } = message;
      if (destination.kind !== "group") return message;
      return { ...message, destination: { kind: "topic", name: destination.topic } };
    }),
};

export const sharesMessages: Breakage = {
  does: "hands the same object to every group and every delivery",
  caughtBy: mutation,
  breaker: () => {
    const shared = new Map<string, WireMessage>();
    return (sound) =>
      changedDeliver(sound, (deliver) => (delivery) => {
        const message = shared.get(delivery.message.id) ?? delivery.message;
        shared.set(message.id, message);
        return deliver(changedDelivery(delivery, { message }));
      });
  },
};

export const subscribesToNothing: Breakage = {
  does: "accepts a subscription to what does not exist",
  caughtBy: notProvisioned,
  breaker: () => (sound) =>
    changed(sound, {
      subscribe: (source, deliver) =>
        sound
          .subscribe(source, deliver)
          .catch(() => ({ credit: () => undefined, drain: () => Promise.resolve() })),
    }),
};
