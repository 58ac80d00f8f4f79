import { ACK } from "@waybill/core/transport";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { awaitSeen } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import { makeRequester } from "../../kit/requester.ts";
import type { Scenario } from "../../scenario.ts";

/** After a busy life: a drain with a deadline, a retry, an inbox, an open handler at the end. */
export const noTimersLeft: Scenario = {
  name: "a closed transport leaves no timer behind",
  counts: ["timers"],
  async run(stage) {
    const count = () => stage.count("timers");
    const before = count();
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const first = await stage.consume(transport, queue.source, {
      answer: ({ attempt }) => (attempt === 1 ? { type: "retry", delayMs: 1 } : ACK),
    });
    await stage.store(transport, [queue.message(), queue.message()]);
    await stage.time.eventually(
      () => first.tags.length === 4,
      () => `Two messages retried once made ${first.tags.length} deliveries.`,
    );
    if (transport.capabilities.requests.level !== "none") await makeRequester(stage, transport);
    await stage.drain(first);
    const second = await stage.consume(transport, queue.source, { answer: HOLDS });
    const message = queue.message();
    await stage.store(transport, [message]);
    await awaitSeen(stage, queue.group, [message.id]);
    await stage.time.finish("drain", second.drain(stage.time.now() + stage.pace.delayMs));
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    await stage.time.settle();
    const left = count() - before;
    claim(left === 0, () => `After close ${left} timers are still set.`);
  },
};
