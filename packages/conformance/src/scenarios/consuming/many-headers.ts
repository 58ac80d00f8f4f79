import { makeQueue } from "../../kit/generate/destinations.ts";
import { assertThat, sameHeaders } from "../../kit/observe/assert.ts";
import { assertExactly } from "../../kit/observe/invariants.ts";
import type { Scenario } from "../../scenario.ts";

const HOW_MANY = 100;

/** Names that a plain object would lose or confuse with its own properties. */
const ODD_NAMES = ["constructor", "__proto__", "to-string", "content-length", "x", "id", "type"];

export const manyHeaders: Scenario = {
  name: "a message with a hundred headers, some with unusual names, arrives with all of them",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source);
    const names = [...ODD_NAMES, ...Array.from({ length: HOW_MANY }, (_, at) => `app-header-${at}`)];
    const headers = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const message = queue.message({ headers });
    await stage.store(transport, [message]);
    await assertExactly(stage, queue.group, [message.id]);
    const arrived = consumer.deliveries[0]?.message.headers ?? {};
    assertThat(
      sameHeaders(arrived, message.headers),
      () => `Headers were lost or altered: ${names.filter((name) => !Object.hasOwn(arrived, name)).join()}.`,
    );
  },
};
