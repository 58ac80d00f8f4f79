import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const closeTwice: Scenario = {
  name: "close can be called again, concurrently or later, and the state closed is reported once",
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
    assertThat(states.at(-1) === "closed", () => `After close the reported states are ${states.join()}.`);
    assertThat(
      states.filter((status) => status === "closed").length === 1,
      () => `The state closed was reported more than once: ${states.join()}.`,
    );
  },
};
