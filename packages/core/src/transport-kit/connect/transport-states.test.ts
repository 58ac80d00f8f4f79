import { describe, expect, it } from "vitest";
import type { TransportState } from "../../spi/transport.ts";
import { TransportStates } from "./transport-states.ts";

describe("the states of a transport", () => {
  it("are reported from the present one on, each change once", () => {
    const states = new TransportStates();
    const seen: TransportState[] = [];
    states.observe((state) => void seen.push(state));
    states.set("ready", undefined);
    states.set("ready", "again");
    states.set("disconnected", "the connection is dead");
    expect(seen).toEqual([
      { status: "connecting", reason: undefined },
      { status: "ready", reason: undefined },
      { status: "disconnected", reason: "the connection is dead" },
    ]);
    expect(states.present).toBe(seen.at(-1));
  });

  it("are not reported to an observer that was removed, also when it removes itself while it is called", () => {
    const states = new TransportStates();
    const seen: string[] = [];
    const remove = states.observe(({ status }) => {
      seen.push(`first ${status}`);
      if (status === "ready") remove();
    });
    states.observe(({ status }) => void seen.push(`second ${status}`));
    states.set("ready", undefined);
    states.set("closed", undefined);
    expect(seen.filter((line) => line.startsWith("first"))).toEqual(["first connecting", "first ready"]);
    expect(seen.at(-1)).toBe("second closed");
    states.end();
    states.set("connecting", undefined);
    expect(seen.at(-1)).toBe("second closed");
  });
});
