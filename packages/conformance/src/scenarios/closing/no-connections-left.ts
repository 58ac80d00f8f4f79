import { claim } from "../../kit/observe/claim.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** So many instances: what a transport is about when it is closed differs from one to the next. */
const INSTANCES = 8;

/**
 * An instance that is stopped a moment after it was started, on queues that are as young: what it was still about to ask
 * must not open a connection that nobody ends, for that keeps its process alive for ever.
 */
export const noConnectionsLeft: Scenario = {
  name: "a transport that is closed while it begins leaves no connection behind",
  counts: ["connections"],
  async run(stage) {
    const count = () => stage.count("connections");
    const before = count();
    for (let at = 0; at < INSTANCES; at++) {
      const transport = await stage.instance();
      const queue = await makeQueue(stage, transport);
      await stage.consume(transport, queue.source);
      claim(count() > before, () => "An instance that reads has no connection that could be counted.");
      await stage.time.elapse(at);
      await stage.time.finish("close", transport.close(stage.time.deadline()));
    }
    await stage.time.quiet();
    await stage.time.eventually(
      () => count() <= before,
      () => `${INSTANCES} closed transports have left ${count() - before} connections.`,
    );
  },
};
