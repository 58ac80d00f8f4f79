import { claim } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

/** The bad one is too large: no broker is even asked about it, and still its neighbours must go out. */
export const partialFailure: Scenario = {
  name: "one message that cannot be stored does not keep the rest of its batch from being stored",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    await stage.consume(transport, queue.source);
    const huge = queue.message({ body: new Uint8Array(transport.capabilities.largestMessage + 1) });
    const batch = [queue.message(), queue.message(), huge, queue.message()];
    const results = await stage.publish(transport, batch);
    const codes = results.map((result) => (result.ok ? "ok" : result.error.code));
    claim(codes.join() === "ok,ok,too-large,ok", () => `The results were ${codes.join()}.`);
    await claimExactly(
      stage,
      queue.group,
      batch.filter((message) => message !== huge).map(({ id }) => id),
    );
  },
};
