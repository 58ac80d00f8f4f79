import { claim, sameHeaders } from "../../kit/observe/claim.ts";
import { claimExactly } from "../../kit/observe/invariants.ts";
import { makeQueue } from "../../kit/generate/places.ts";
import type { Scenario } from "../../scenario.ts";

const HOW_MANY = 100;

/** Names that a careless map would lose or take for its own are among them. */
const ODD_NAMES = ["constructor", "__proto__", "to-string", "content-length", "x", "id", "type"];

export const manyHeaders: Scenario = {
  name: "a hundred headers arrive, also those with odd names",
  async run(stage) {
    const transport = await stage.instance();
    const queue = await makeQueue(stage, transport);
    const consumer = await stage.consume(transport, queue.source);
    const names = [...ODD_NAMES, ...Array.from({ length: HOW_MANY }, (_, at) => `app-header-${at}`)];
    const headers = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
    const message = queue.message({ headers });
    await stage.store(transport, [message]);
    await claimExactly(stage, queue.group, [message.id]);
    const arrived = consumer.handlings[0]?.message.headers ?? {};
    claim(
      sameHeaders(arrived, message.headers),
      () => `Headers were lost or altered: ${names.filter((name) => !Object.hasOwn(arrived, name)).join()}.`,
    );
  },
};
