import { claim } from "../../kit/observe/claim.ts";
import type { Scenario } from "../../scenario.ts";

export const statesTold: Scenario = {
  name: "a listener is told the present state at once and every change until it ends itself",
  async run(stage) {
    const transport = await stage.instance();
    const patient: string[] = [];
    const brief: string[] = [];
    transport.onState(({ status }) => patient.push(status));
    const end = transport.onState(({ status }) => brief.push(status));
    claim(
      patient.join() === "ready",
      () => `On a connected transport a listener was told ${patient.join()}.`,
    );
    end();
    await stage.time.finish("close", transport.close(stage.time.deadline()));
    claim(patient.at(-1) === "closed", () => `After close the listener had been told ${patient.join()}.`);
    claim(brief.join() === "ready", () => `A listener that ended itself was told ${brief.join()}.`);
  },
};
