import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import fc from "fast-check";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const A_YEAR_MS = 365 * 86_400_000;

/** Of several messages that leave together none may leave when one of them cannot. */
export const foretold: Scenario = {
  name: "a message that is too large or delayed for too long is known to be refused before it is published",
  run: (stage) =>
    forAll(stage, fc.integer({ min: 1, max: 5_000 }), async (act, excess) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const { largestMessage, deliverAt } = transport.capabilities;
      const cases: [WireMessage, PublishFailure["code"] | undefined][] = [
        [queue.message({ body: new Uint8Array(largestMessage + excess) }), "too-large"],
        [queue.message({ body: new Uint8Array(excess) }), undefined],
      ];
      if (deliverAt.level !== "none") {
        const late = act.time.now() + deliverAt.longestMs + excess * A_YEAR_MS;
        cases.push([queue.message({ deliverAt: late }), "delay-too-long"]);
      }
      for (const [message, expected] of cases) {
        const code = transport.refusalOf?.(message)?.code;
        claim(code === expected, () => `Of a message it is said beforehand: ${code}; expected: ${expected}.`);
        const [result] = await act.publish(transport, [message]);
        const answer = result?.ok === false ? result.error.code : undefined;
        claim(answer === expected, () => `The message was answered ${answer}; foretold: ${expected}.`);
      }
    }),
};
