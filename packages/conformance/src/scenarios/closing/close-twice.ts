import { claim } from "../../kit/observe/claim.ts";
import type { Scenario } from "../../scenario.ts";

export const closeTwice: Scenario = {
  name: "close may be called twice, at once and later, and the state says closed",
  async run(stage) {
    const transport = await stage.instance();
    const states: string[] = [];
    transport.onState(({ status }) => states.push(status));
    const deadline = stage.time.deadline();
    await stage.time.finish(
      "two closes",
      Promise.all([transport.close(deadline), transport.close(deadline)]),
    );
    await stage.time.finish("a third close", transport.close(deadline));
    claim(states.at(-1) === "closed", () => `The states were ${states.join()}.`);
    claim(
      states.filter((status) => status === "closed").length === 1,
      () => `Closed was told more than once: ${states.join()}.`,
    );
  },
};
