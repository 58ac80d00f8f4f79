import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The number of messages for the deleted queue. A broker stops at fewer (RabbitMQ: 32 for each delay queue). */
const STRANDED = 80;
/** The number of different delays, enough that every binary digit of a delay is used. */
const DELAYS = 8;

export const deletedQueue: Scenario = {
  name: "delayed messages for a deleted queue do not stop the delays of other queues",
  needs: ["deliverAt"],
  faults: ["deleteSource"],
  async run(stage) {
    const transport = await stage.instance();
    const retired = await makeQueue(stage, transport);
    const staying = await makeQueue(stage, transport);
    await stage.consume(transport, staying.source);
    const { delayMs } = stage.pace;
    const stranded = Array.from({ length: STRANDED }, (_, at) =>
      retired.message({
        deliverAt: stage.time.now() + delayMs + (at % 2) * 100,
      }),
    );
    await stage.store(transport, stranded);
    await stage.fault("deleteSource")(retired.source);
    await stage.time.elapse(2 * delayMs);
    const sent = Array.from({ length: DELAYS }, (_, at) =>
      staying.message({ deliverAt: stage.time.now() + delayMs + at * 100 }),
    );
    await stage.store(transport, sent);
    await assertExactly(
      stage,
      staying.group,
      sent.map(({ id }) => id),
    );
  },
};
