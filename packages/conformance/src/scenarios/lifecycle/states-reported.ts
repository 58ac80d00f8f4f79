import { assertThat } from "../../kit/observe/assert.ts";
import type { Scenario } from "../../scenario.ts";

export const statesReported: Scenario = {
  name: "a state listener gets the current state immediately and every change until it is removed",
  async run(stage) {
    const transport = await stage.instance();
    const patient: string[] = [];
    const brief: string[] = [];
    transport.onState(({ status }) => patient.push(status));
    const end = transport.onState(({ status }) => brief.push(status));
    assertThat(
      patient.join() === "ready",
      () => `A new listener on a connected transport got the states ${patient.join()}.`,
    );
    end();
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    assertThat(
      patient.at(-1) === "closed",
      () => `After close the listener got the states ${patient.join()}.`,
    );
    assertThat(brief.join() === "ready", () => `A listener that was removed got the states ${brief.join()}.`);
  },
};
