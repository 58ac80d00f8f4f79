import { headers, type Msg } from "@nats-io/transport-node";
import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { PullRequests } from "./pull-requests.ts";

function setUp() {
  const clock = new VirtualClock();
  const asked: number[] = [];
  const ask = (request: string): void => void asked.push((JSON.parse(request) as { batch: number }).batch);
  return { clock, asked, pull: new PullRequests({ clock, expiresMs: 5_000, ask }) };
}

function word(code: number, description: string, left?: number): Msg {
  const told = headers(code, description);
  if (left !== undefined) told.set("Nats-Pending-Messages", String(left));
  return { headers: told } as Msg;
}

describe("requests for messages", () => {
  it("are for all the room there is, and not repeated while most of it is asked for", () => {
    const { asked, pull } = setUp();
    pull.want(100, 100);
    for (let come = 1; come <= 74; come++) {
      pull.arrived();
      pull.want(100, 100);
    }
    expect(asked).toEqual([100]);
    pull.arrived();
    pull.want(100, 100);
    expect(asked).toEqual([100, 75]);
  });

  it("for little wait a moment for more", async () => {
    const { clock, asked, pull } = setUp();
    pull.want(2, 100);
    pull.want(3, 100);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual([3]);
  });

  it("that the server lets go of are made again for what had not come", () => {
    const { asked, pull } = setUp();
    pull.want(10, 10);
    for (let come = 0; come < 4; come++) pull.arrived();
    expect(pull.told(word(408, "Request Timeout", 6))).toBe("over");
    expect(pull.asked).toBe(0);
    pull.want(6, 10);
    expect(asked).toEqual([10, 6]);
  });

  it.each([
    [409, "Consumer Deleted", "deleted"],
    [503, "No Responders", "nobody there"],
  ])(
    "rest while the consumer is gone (%i %s), and are made again after a while",
    async (code, text, meaning) => {
      const { clock, asked, pull } = setUp();
      pull.want(10, 10);
      expect(pull.told(word(code, text))).toBe(meaning);
      pull.want(8, 10);
      expect(asked).toEqual([10]);
      await clock.advance(500);
      expect(asked).toEqual([10, 8]);
      expect(clock.pending).toBe(0);
    },
  );

  it("that nobody ever answered are forgotten when they must be over", async () => {
    const { clock, asked, pull } = setUp();
    pull.want(10, 10);
    pull.check();
    pull.want(10, 10);
    expect(asked).toEqual([10]);
    await clock.advance(7_001);
    pull.check();
    pull.want(10, 10);
    expect(asked).toEqual([10, 10]);
  });
});
