import { STORED } from "@waybill/core/transport";
import { publisherGone } from "../../scenarios/publishing/publisher-gone.ts";
import type { Breakage } from "../breakage.ts";
import { changed, changedResults, changedMessages } from "../change.ts";
import { lostConfirm } from "../../scenarios/publishing/lost-confirm.ts";
import { partialFailure } from "../../scenarios/publish-failures/partial-failure.ts";
import { foretold } from "../../scenarios/publish-failures/foretold.ts";
import { dedup } from "../../scenarios/publishing/dedup.ts";
import { oneResultEach } from "../../scenarios/publishing/one-result-each.ts";
import { unroutable } from "../../scenarios/publish-failures/unroutable.ts";

/** A buffer with a linger time and no confirmation. */
export const confirmsEarly: Breakage = {
  does: "answers ok before the broker has",
  caughtBy: publisherGone,
  breaker:
    () =>
    (sound, { clock }) =>
      changed(sound, {
        publish(batch) {
          clock.schedule(5, () => void sound.publish(batch));
          return Promise.resolve(batch.map(() => STORED));
        },
      }),
};

export const deniesStoring: Breakage = {
  does: "calls what may be stored certainly not stored",
  caughtBy: lostConfirm,
  breaker: () => (sound) =>
    changedResults(sound, (results) =>
      results.map((result) =>
        result.ok ? result : { ok: false, error: { ...result.error, maybeStored: false } },
      ),
    ),
};

export const failsWholeBatches: Breakage = {
  does: "refuses a whole batch for one bad message",
  caughtBy: partialFailure,
  breaker: () => (sound) =>
    changed(sound, {
      async publish(batch) {
        const limit = sound.capabilities.largestMessage;
        const huge = batch.find(({ body }) => body.length > limit);
        if (huge === undefined) return sound.publish(batch);
        const [refused = STORED] = await sound.publish([huge]);
        return batch.map(() => refused);
      },
    }),
};

export const foretellsNothing: Breakage = {
  does: "says of no message beforehand that it will be refused",
  caughtBy: foretold,
  breaker: () => (sound) => changed(sound, { refusalOf: () => undefined }),
};

export const ignoresIds: Breakage = {
  does: "gives every sending an id of its own",
  caughtBy: dedup,
  breaker: () => {
    let count = 0;
    return (sound) => changedMessages(sound, (message) => ({ ...message, id: `${message.id}-${count++}` }));
  },
};

export const mixesUpResults: Breakage = {
  does: "answers a batch in another order",
  caughtBy: oneResultEach,
  breaker: () => (sound) => changedResults(sound, (results) => results.toReversed()),
};

export const swallowsRefusals: Breakage = {
  does: "answers ok to whatever happens",
  caughtBy: unroutable,
  breaker: () => (sound) => changedResults(sound, (results) => results.map(() => STORED)),
};
