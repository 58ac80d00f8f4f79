import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

/** The refused message is too large, so the adapter refuses it by itself; it must still publish the others. */
export const partialFailure: Scenario = {
  name: "one refused message does not stop the rest of its batch from being stored",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    await stage.consume(transport, queue.source);
    const huge = queue.message({ body: new Uint8Array(transport.capabilities.largestMessage + 1) });
    const batch = [queue.message(), queue.message(), huge, queue.message()];
    const results = await stage.publish(transport, batch);
    const codes = results.map((result) => (result.ok ? "ok" : result.error.code));
    assertThat(
      codes.join() === "ok,ok,too-large,ok",
      () => `The results are ${codes.join()}; expected ok,ok,too-large,ok.`,
    );
    await assertExactly(
      stage,
      queue.group,
      batch.filter((message) => message !== huge).map(({ id }) => id),
    );
  },
};
