import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const cutStates: Scenario = {
  name: "a lost connection is reported as disconnected, and its return as ready",
  faults: ["cut", "restore"],
  async run(stage) {
    const transport = await stage.instance();
    const states: string[] = [];
    transport.onState(({ status }) => states.push(status));
    await stage.fault("cut")(transport);
    await stage.time.eventually(
      () => states.includes("disconnected"),
      () => `Without a connection the reported states are ${states.join()}.`,
    );
    assertThat(
      states.at(-1) !== "ready",
      () => `Without a connection the reported states are ${states.join()}.`,
    );
    await stage.fault("restore")(transport);
    await stage.time.eventually(
      () => states.at(-1) === "ready",
      () => `With the connection restored the reported states are ${states.join()}.`,
    );
  },
};
