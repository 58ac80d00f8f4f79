import { headers, type Msg } from "@nats-io/transport-node";
import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { PullRequests } from "./pull-requests.ts";

function setUp() {
  const clock = new VirtualClock();
  const requested: number[] = [];
  const send = (request: string): void =>
    void requested.push((JSON.parse(request) as { batch: number }).batch);
  return { clock, requested, pull: new PullRequests({ clock, expiresMs: 5_000, send }) };
}

function statusMessage(code: number, description: string, left?: number): Msg {
  const block = headers(code, description);
  if (left !== undefined) block.set("Nats-Pending-Messages", String(left));
  return { headers: block } as Msg;
}

describe("pull requests", () => {
  it("request all space in the window, and wait until three quarters of it are free again", () => {
    const { requested, pull } = setUp();
    pull.request(100, 100);
    for (let arrived = 1; arrived <= 74; arrived++) {
      pull.arrived();
      pull.request(100, 100);
    }
    expect(requested).toEqual([100]);
    pull.arrived();
    pull.request(100, 100);
    expect(requested).toEqual([100, 75]);
  });

  it("wait a moment for more space before they request a few messages", async () => {
    const { clock, requested, pull } = setUp();
    pull.request(2, 100);
    pull.request(3, 100);
    expect(requested).toEqual([]);
    await clock.advance(1);
    expect(requested).toEqual([3]);
  });

  it("are repeated for the missing messages when the server ends a request", () => {
    const { requested, pull } = setUp();
    pull.request(10, 10);
    for (let arrived = 0; arrived < 4; arrived++) pull.arrived();
    expect(pull.status(statusMessage(408, "Request Timeout", 6))).toBe("ended");
    expect(pull.requested).toBe(0);
    pull.request(6, 10);
    expect(requested).toEqual([10, 6]);
  });

  it.each([
    [409, "Consumer Deleted", "deleted"],
    [503, "No Responders", "no responders"],
  ])(
    "pause while the consumer is unavailable (%i %s), and are repeated after that",
    async (code, text, status) => {
      const { clock, requested, pull } = setUp();
      pull.request(10, 10);
      expect(pull.status(statusMessage(code, text))).toBe(status);
      pull.request(8, 10);
      expect(requested).toEqual([10]);
      await clock.advance(500);
      expect(requested).toEqual([10, 8]);
      expect(clock.pending).toBe(0);
    },
  );

  it("are forgotten after their expiry if the server never answered", async () => {
    const { clock, requested, pull } = setUp();
    pull.request(10, 10);
    pull.forgetExpired();
    pull.request(10, 10);
    expect(requested).toEqual([10]);
    await clock.advance(7_001);
    pull.forgetExpired();
    pull.request(10, 10);
    expect(requested).toEqual([10, 10]);
  });
});
