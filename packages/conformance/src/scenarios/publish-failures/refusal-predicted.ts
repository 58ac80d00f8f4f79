import type { PublishFailure, WireMessage } from "@waybill/core/transport";
import fc from "fast-check";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

const A_YEAR_MS = 365 * 86_400_000;

/** Core sends several messages as one unit: it publishes none of them when the transport would refuse one. */
export const refusalPredicted: Scenario = {
  name: "the transport predicts that a message will be refused as too large or delayed for too long",
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
        assertThat(code === expected, () => `refusalOf predicted ${code}; expected: ${expected}.`);
        const [result] = await act.publish(transport, [message]);
        const returned = result?.ok === false ? result.error.code : undefined;
        assertThat(returned === expected, () => `publish returned ${returned}; predicted: ${expected}.`);
      }
    }),
};
