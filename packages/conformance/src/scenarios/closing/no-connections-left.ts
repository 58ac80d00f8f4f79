import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

/**
 * Each instance is closed a millisecond later than the previous one, so that each close interrupts another step of the
 * start.
 */
const INSTANCES = 8;

/**
 * Closes each instance shortly after its start, on a new queue: a pending request must not open a connection that
 * nobody closes, because it would keep the process alive.
 */
export const noConnectionsLeft: Scenario = {
  name: "a transport that is closed while it starts leaves no connection open",
  counts: ["connections"],
  async run(stage) {
    const count = () => stage.count("connections");
    const before = count();
    for (let at = 0; at < INSTANCES; at++) {
      const transport = await stage.instance();
      const queue = await makeQueue(stage, transport);
      await stage.consume(transport, queue.source);
      assertThat(count() > before, () => "A consuming instance has no counted connection.");
      await stage.time.elapse(at);
      await stage.time.finish("close", transport.close(stage.time.deadline()));
    }
    await stage.time.quiet();
    await stage.time.eventually(
      () => count() <= before,
      () => `${INSTANCES} closed transports left ${count() - before} connections open.`,
    );
  },
};
