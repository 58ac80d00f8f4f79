import { ACK } from "@waybill/core/transport";
import { SETTLES_LATER } from "../../kit/consumer.ts";
import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { awaitDelivered } from "../../kit/observe/invariants.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** Uses everything that sets timers: a retry, a reply inbox, a drain with a deadline and a handler that never ends. */
export const noTimersLeft: Scenario = {
  name: "a closed transport leaves no timer running",
  counts: ["timers"],
  async run(stage) {
    const count = () => stage.count("timers");
    const before = count();
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const first = await stage.consume(transport, queue.source, {
      handler: ({ attempt }) => (attempt === 1 ? { type: "retry", delayMs: 1 } : ACK),
    });
    await stage.store(transport, [queue.message(), queue.message()]);
    await stage.time.eventually(
      () => first.tags.length === 4,
      () => `Two messages, each retried once, were delivered ${first.tags.length} times.`,
    );
    if (transport.capabilities.requests.level !== "none") await makeRequester(stage, transport);
    await stage.drain(first);
    const second = await stage.consume(transport, queue.source, { handler: SETTLES_LATER });
    const message = queue.message();
    await stage.store(transport, [message]);
    await awaitDelivered(stage, queue.group, [message.id]);
    await stage.time.finish("drain", second.drain(stage.time.now() + stage.pace.delayMs));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    await stage.time.settle();
    const left = count() - before;
    assertThat(left === 0, () => `After close ${left} timers are still running.`);
  },
};
