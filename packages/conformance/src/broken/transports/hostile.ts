import { HEADER, STORED } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { foreignAttempt } from "../../scenarios/hostile/foreign-attempt.ts";
import type { Breakage } from "../breakage.ts";
import { changedDeliver, changedDelivery, keepingInHand, changed } from "../change.ts";
import { forgedFailure } from "../../scenarios/hostile/forged-failure.ts";
import { forgedProgress } from "../../scenarios/hostile/forged-progress.ts";
import { headerTwice } from "../../scenarios/hostile/header-twice.ts";
import { foreignLane } from "../../scenarios/hostile/foreign-lane.ts";
import { fullHeaders } from "../../scenarios/hostile/full-headers.ts";
import { hostileNames } from "../../scenarios/hostile/hostile-names.ts";
import { longReplyAddress } from "../../scenarios/hostile/long-reply-address.ts";
import { foreignDueTime } from "../../scenarios/hostile/foreign-due-time.ts";

export const countsAsTold: Breakage = {
  does: "believes a foreign message that says how often it was tried",
  caughtBy: foreignAttempt,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => (delivery) => {
      const told = Number(delivery.message.headers[HEADER.attempt] ?? 0);
      return deliver(
        Number.isInteger(told) ? changedDelivery(delivery, { attempt: delivery.attempt + told }) : delivery,
      );
    }),
};

/** What a foreign message says of its failure goes over what is true. */
export const keepsForgedFailures: Breakage = {
  does: "lets a foreign message say why it failed",
  caughtBy: forgedFailure,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "dead-letter") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => ownHeaders.isFailureHeader(name))
        .map(([name, value]) => [name.replace(/^%+/, ""), value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};

/** What a foreign message says of its retries goes over what is true. */
export const keepsForgedProgress: Breakage = {
  does: "lets a foreign message say how far its retries are",
  caughtBy: forgedProgress,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "retry") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => name.replace(/^%+/, "") === HEADER.progress)
        .map(([, value]) => [HEADER.progress, value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};

/** Whichever of its values a broker hands on. */
export const sticksAtDoubleHeaders: Breakage = {
  does: "keeps a message in hand that has one header twice",
  caughtBy: headerTwice,
  breaker: () => (sound) => keepingInHand(sound, ({ headers }) => "twice" in headers),
};

/** It waits for a lane that does not exist. */
export const sticksAtForeignLanes: Breakage = {
  does: "keeps a foreign message in hand whose header names a lane beyond the last one",
  caughtBy: foreignLane,
  breaker: () => (sound) => keepingInHand(sound, ({ headers }) => Number(headers["waybill-lane"]) > 100),
};

const ROOM = 50_000;

/** It tries to store the dead letter for ever, and keeps the message's place in the window meanwhile. */
export const sticksAtFullHeaders: Breakage = {
  does: "keeps a message in hand whose headers leave no room for its failure",
  caughtBy: fullHeaders,
  breaker: () => (sound) =>
    changedDeliver(sound, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      const size = Object.values(delivery.message.headers).join("").length;
      return settlement.type === "dead-letter" && size > ROOM ? new Promise(() => undefined) : settlement;
    }),
};

export const sticksAtOddKeys: Breakage = {
  does: "keeps a message in hand whose key is not of letters",
  caughtBy: hostileNames,
  breaker: () => (sound) => keepingInHand(sound, ({ key }) => key !== undefined && !/^[a-z]+$/.test(key)),
};

/** Nothing is said of a reply that its broker's protocol has no room for. */
export const trustsLongAddresses: Breakage = {
  does: "answers that a reply to an address of 2,500 characters is stored",
  caughtBy: longReplyAddress,
  breaker: () => (sound) =>
    changed(sound, {
      publish: async (batch) => {
        const results = await sound.publish(batch);
        return results.map((result, at) => {
          const { destination } = batch[at] ?? {};
          return destination?.kind === "reply" && destination.address.length > 2_000 ? STORED : result;
        });
      },
    }),
};

export const waitsForAnyTime: Breakage = {
  does: "waits for the due time of a foreign message, whenever that is",
  caughtBy: foreignDueTime,
  breaker:
    () =>
    (sound, { clock }) =>
      keepingInHand(sound, ({ headers }) => Number(headers["waybill-due"]) > clock.now()),
};
