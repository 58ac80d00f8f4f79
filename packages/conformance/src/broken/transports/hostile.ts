import { HEADER, STORED } from "@waybill/core/transport";
import { ownHeaders } from "@waybill/core/transport-kit";
import { foreignAttempt } from "../../scenarios/hostile/foreign-attempt.ts";
import { foreignDueTime } from "../../scenarios/hostile/foreign-due-time.ts";
import { foreignLane } from "../../scenarios/hostile/foreign-lane.ts";
import { forgedFailure } from "../../scenarios/hostile/forged-failure.ts";
import { forgedProgress } from "../../scenarios/hostile/forged-progress.ts";
import { fullHeaders } from "../../scenarios/hostile/full-headers.ts";
import { headerTwice } from "../../scenarios/hostile/header-twice.ts";
import { hostileNames } from "../../scenarios/hostile/hostile-names.ts";
import { longReplyAddress } from "../../scenarios/hostile/long-reply-address.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedDeliver, changedDelivery, withholding } from "../change.ts";

export const withholdsOddKeys: BrokenTransport = {
  does: "never delivers a message whose key has other characters than letters",
  caughtBy: hostileNames,
  breaker: () => (inner) => withholding(inner, ({ key }) => key !== undefined && !/^[a-z]+$/.test(key)),
};

/** Looks only for the name of the header: brokers deliver either its first or its last value. */
export const withholdsDuplicateHeaders: BrokenTransport = {
  does: "never delivers a message with a duplicate header",
  caughtBy: headerTwice,
  breaker: () => (inner) => withholding(inner, ({ headers }) => "twice" in headers),
};

/** The failure headers of a foreign message replace the real ones. */
export const keepsForgedFailures: BrokenTransport = {
  does: "keeps forged failure headers",
  caughtBy: forgedFailure,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "dead-letter") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => ownHeaders.isFailureHeader(name))
        .map(([name, value]) => [name.replace(/^%+/, ""), value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};

/** The progress header of a foreign message replaces the one of its last retry. */
export const keepsForgedProgress: BrokenTransport = {
  does: "keeps forged retry progress",
  caughtBy: forgedProgress,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      if (settlement.type !== "retry") return settlement;
      const forged = Object.entries(delivery.message.headers)
        .filter(([name]) => name.replace(/^%+/, "") === HEADER.progress)
        .map(([, value]) => [HEADER.progress, value] as const);
      return { ...settlement, headers: { ...settlement.headers, ...Object.fromEntries(forged) } };
    }),
};

export const trustsAttemptHeaders: BrokenTransport = {
  does: "adds the attempt header of a foreign message to its count",
  caughtBy: foreignAttempt,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => (delivery) => {
      const claimed = Number(delivery.message.headers[HEADER.attempt] ?? 0);
      return deliver(
        Number.isInteger(claimed)
          ? changedDelivery(delivery, { attempt: delivery.attempt + claimed })
          : delivery,
      );
    }),
};

/** Like an adapter that waits for a lane that does not exist. */
export const withholdsForeignLanes: BrokenTransport = {
  does: "never delivers a foreign message that names a missing lane",
  caughtBy: foreignLane,
  breaker: () => (inner) => withholding(inner, ({ headers }) => Number(headers["waybill-lane"]) > 100),
};

export const waitsForAnyDueTime: BrokenTransport = {
  does: "waits for the due time of a foreign message, however far away",
  caughtBy: foreignDueTime,
  breaker:
    () =>
    (inner, { clock }) =>
      withholding(inner, ({ headers }) => Number(headers["waybill-due"]) > clock.now()),
};

/** The header size in bytes above which failure headers no longer fit. */
const LARGEST_HEADERS = 50_000;

/** Like an adapter that retries storing the dead letter forever while the message uses credit. */
export const neverSettlesFullHeaders: BrokenTransport = {
  does: "never settles a message whose failure headers do not fit",
  caughtBy: fullHeaders,
  breaker: () => (inner) =>
    changedDeliver(inner, (deliver) => async (delivery) => {
      const settlement = await deliver(delivery);
      const size = Object.values(delivery.message.headers).join("").length;
      return settlement.type === "dead-letter" && size > LARGEST_HEADERS
        ? new Promise(() => undefined)
        : settlement;
    }),
};

/** Hides that the protocol of its broker cannot carry the reply. */
export const trustsLongAddresses: BrokenTransport = {
  does: "confirms a reply to an overlong address",
  caughtBy: longReplyAddress,
  breaker: () => (inner) =>
    changed(inner, {
      publish: async (batch) => {
        const results = await inner.publish(batch);
        return results.map((result, at) => {
          const { destination } = batch[at] ?? {};
          return destination?.kind === "reply" && destination.address.length > 2_000 ? STORED : result;
        });
      },
    }),
};
