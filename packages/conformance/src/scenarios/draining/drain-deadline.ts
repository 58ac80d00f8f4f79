import fc from "fast-check";
import { HOLDS } from "../../kit/consumer.ts";
import { claim } from "../../kit/observe/claim.ts";
import { forAll } from "../../kit/generate/for-all.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const CASE = fc.record({ stuck: fc.integer({ min: 1, max: 8 }), units: fc.integer({ min: 0, max: 5 }) });

export const drainDeadline: Scenario = {
  name: "at drain's deadline a handler that never answers is told by its signal and its message is given back",
  run: (stage) =>
    forAll(stage, CASE, async (act, { stuck, units }) => {
      const transport = await act.instance();
      const queue = await makeQueue(act, transport);
      const first = await act.consume(transport, queue.source, { credit: stuck, answer: HOLDS });
      await act.store(
        transport,
        Array.from({ length: stuck }, () => queue.message()),
      );
      await act.time.eventually(
        () => first.open.length === stuck,
        () => `${first.open.length} of ${stuck} came.`,
      );
      const deadline = act.time.now() + units * act.pace.delayMs;
      let ended: number | undefined;
      await act.time.finish(
        "drain",
        first.drain(deadline).then(() => (ended = act.time.now())),
      );
      const late = (ended ?? Infinity) - deadline;
      claim(late >= 0, () => `Drain gave up ${-late} ms before its deadline.`);
      claim(late <= act.pace.slackMs, () => `Drain ended ${late} ms after its deadline.`);
      const deaf = first.handlings.filter(({ delivery }) => !delivery.signal.aborted);
      claim(deaf.length === 0, () => `The signals of ${deaf.length} handlers did not abort.`);
      const second = await act.consume(await act.instance(), queue.source);
      await act.time.eventually(
        () => second.tags.length === stuck,
        () => `Of ${stuck} messages given back ${second.tags.length} came to another member.`,
      );
    }),
};
