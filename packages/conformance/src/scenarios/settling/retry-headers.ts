import fc from "fast-check";
import { ACK } from "@waybill/core/transport";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { claim, sameBytes, sameHeaders } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

export const retryHeaders: Scenario = {
  name: "a retry keeps body and headers and puts its own headers over those of the same name",
  run: (stage) =>
    forAll(
      stage,
      fc.record({ body: BODY, headers: HEADERS, added: HEADERS }),
      async (act, { body, headers, added }) => {
        const transport = await act.instance();
        const queue = await makeQueue(act, transport);
        const shared = { ...headers, "app-shared": "old" };
        const replaced = { ...added, "app-shared": "new" };
        const consumer = await act.consume(transport, queue.source, {
          answer: ({ attempt }) => (attempt === 1 ? { type: "retry", delayMs: 0, headers: replaced } : ACK),
        });
        const message = queue.message({ body, headers: shared });
        await act.store(transport, [message]);
        await act.time.eventually(
          () => consumer.handlings.length === 2,
          () => `A message retried once came ${consumer.handlings.length} times.`,
        );
        const again = consumer.handlings[1]?.message ?? message;
        const wanted = { ...message.headers, ...replaced };
        claim(
          sameHeaders(again.headers, wanted),
          () => `Instead of ${JSON.stringify(wanted)} it came back with ${JSON.stringify(again.headers)}.`,
        );
        claim(sameBytes(again.body, body), () => `The body came back as ${String(again.body)}.`);
      },
    ),
};
