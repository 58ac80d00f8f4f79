import { STORED } from "@waybill/core/transport";
import { partialFailure } from "../../scenarios/publish-failures/partial-failure.ts";
import { refusalPredicted } from "../../scenarios/publish-failures/refusal-predicted.ts";
import { unroutable } from "../../scenarios/publish-failures/unroutable.ts";
import { dedup } from "../../scenarios/publishing/dedup.ts";
import { lostConfirm } from "../../scenarios/publishing/lost-confirm.ts";
import { oneResultEach } from "../../scenarios/publishing/one-result-each.ts";
import { publisherGone } from "../../scenarios/publishing/publisher-gone.ts";
import type { BrokenTransport } from "../broken-transport.ts";
import { changed, changedMessages, changedResults } from "../change.ts";

export const mixesUpResults: BrokenTransport = {
  does: "returns the results of a batch in another order",
  caughtBy: oneResultEach,
  breaker: () => (inner) => changedResults(inner, (results) => results.toReversed()),
};

/** Like a client buffer with a linger time and no confirmations. */
export const confirmsEarly: BrokenTransport = {
  does: "confirms a message before the broker does",
  caughtBy: publisherGone,
  breaker:
    () =>
    (inner, { clock }) =>
      changed(inner, {
        publish(batch) {
          clock.schedule(5, () => void inner.publish(batch));
          return Promise.resolve(batch.map(() => STORED));
        },
      }),
};

export const deniesStoring: BrokenTransport = {
  does: "reports messages that may be stored as not stored",
  caughtBy: lostConfirm,
  breaker: () => (inner) =>
    changedResults(inner, (results) =>
      results.map((result) =>
        result.ok ? result : { ok: false, error: { ...result.error, maybeStored: false } },
      ),
    ),
};

export const ignoresIds: BrokenTransport = {
  does: "gives every publish a new id",
  caughtBy: dedup,
  breaker: () => {
    let count = 0;
    return (inner) => changedMessages(inner, (message) => ({ ...message, id: `${message.id}-${count++}` }));
  },
};

export const failsWholeBatches: BrokenTransport = {
  does: "refuses a whole batch because of one invalid message",
  caughtBy: partialFailure,
  breaker: () => (inner) =>
    changed(inner, {
      async publish(batch) {
        const limit = inner.capabilities.largestMessage;
        const huge = batch.find(({ body }) => body.length > limit);
        if (huge === undefined) return inner.publish(batch);
        const [refused = STORED] = await inner.publish([huge]);
        return batch.map(() => refused);
      },
    }),
};

export const swallowsRefusals: BrokenTransport = {
  does: "returns ok for every message",
  caughtBy: unroutable,
  breaker: () => (inner) => changedResults(inner, (results) => results.map(() => STORED)),
};

export const predictsNoRefusal: BrokenTransport = {
  does: "predicts no refusal",
  caughtBy: refusalPredicted,
  breaker: () => (inner) => changed(inner, { refusalOf: () => undefined }),
};
