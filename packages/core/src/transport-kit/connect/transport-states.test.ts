import { describe, expect, it } from "vitest";
import type { TransportState } from "../../spi/transport.ts";
import { TransportStates } from "./transport-states.ts";

describe("the states of a transport", () => {
  it("are told from the present one on, each change once", () => {
    const states = new TransportStates();
    const heard: TransportState[] = [];
    states.listen((state) => void heard.push(state));
    states.become("ready", undefined);
    states.become("ready", "again");
    states.become("disconnected", "the line is dead");
    expect(heard).toEqual([
      { status: "connecting", reason: undefined },
      { status: "ready", reason: undefined },
      { status: "disconnected", reason: "the line is dead" },
    ]);
    expect(states.present).toBe(heard.at(-1));
  });

  it("are told to nobody who has left, also when it leaves while it is told", () => {
    const states = new TransportStates();
    const heard: string[] = [];
    const leave = states.listen(({ status }) => {
      heard.push(`first ${status}`);
      if (status === "ready") leave();
    });
    states.listen(({ status }) => void heard.push(`second ${status}`));
    states.become("ready", undefined);
    states.become("closed", undefined);
    expect(heard.filter((line) => line.startsWith("first"))).toEqual(["first connecting", "first ready"]);
    expect(heard.at(-1)).toBe("second closed");
    states.end();
    states.become("connecting", undefined);
    expect(heard.at(-1)).toBe("second closed");
  });
});
