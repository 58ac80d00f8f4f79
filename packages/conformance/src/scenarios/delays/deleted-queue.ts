import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** More than any broker holds back for a place that is gone (RabbitMQ: 32 for each queue of its delays). */
const STRANDED = 80;
/** In units of the pace: so many different delays that each digit of one differs. */
const DELAYS = 8;

export const deletedQueue: Scenario = {
  name: "messages that are delayed for a deleted queue stop nobody else's delays",
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
    await claimExactly(
      stage,
      staying.group,
      sent.map(({ id }) => id),
    );
  },
};
