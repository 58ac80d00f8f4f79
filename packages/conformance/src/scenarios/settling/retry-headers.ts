import { ACK } from "@waybill/core/transport";
import fc from "fast-check";
import { BODY, HEADERS } from "../../kit/generate/arbitraries.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { assertThat, sameBytes, sameHeaders } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const retryHeaders: Scenario = {
  name: "a retry keeps body and headers, and its own headers replace those of the same name",
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
          handler: ({ attempt }) => (attempt === 1 ? { type: "retry", delayMs: 0, headers: replaced } : ACK),
        });
        const message = queue.message({ body, headers: shared });
        await act.store(transport, [message]);
        await act.time.eventually(
          () => consumer.deliveries.length === 2,
          () => `A message retried once was delivered ${consumer.deliveries.length} times.`,
        );
        const again = consumer.deliveries[1]?.message ?? message;
        const wanted = { ...message.headers, ...replaced };
        assertThat(
          sameHeaders(again.headers, wanted),
          () =>
            `The retry has the headers ${JSON.stringify(again.headers)}; expected ${JSON.stringify(wanted)}.`,
        );
        assertThat(sameBytes(again.body, body), () => `The retry has the body ${String(again.body)}.`);
      },
    ),
};
