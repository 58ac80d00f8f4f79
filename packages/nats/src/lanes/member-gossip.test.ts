import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import type { ServerLink } from "../connection/connection.ts";
import { MemberGossip } from "./member-gossip.ts";

/** A member, the messages that it publishes, and a function that delivers a message to it. */
function member() {
  const clock = new VirtualClock();
  const published: string[] = [];
  let receive: (text: string) => void = () => undefined;
  const link = {
    nc: {
      isClosed: () => false,
      publish: (_: string, text: string) => void published.push(text),
      subscribe: (_: string, { callback }: { callback: (error: null, msg: object) => void }) => {
        receive = (text) => callback(null, { string: () => text });
      },
    },
  } as unknown as ServerLink;
  const members = new MemberGossip({
    subject: "s",
    id: "me",
    clock,
    timeoutMs: 1_000,
    onChange: () => undefined,
  });
  members.open(link);
  return { members, clock, published, receive: (text: string) => receive(text) };
}

it("counts a bounded number of announced members, and sends one answer to members that join together", async () => {
  const { members, clock, published, receive } = member();
  for (let at = 0; at < 100_000; at++) receive(`ghost-${at}`);
  receive("a name\nwith a line break");
  receive("x".repeat(10_000));
  expect(members.count).toBe(1_001);
  await clock.advance(100);
  expect(published).toEqual(["me", "me"]);
  receive("-ghost-1");
  expect(members.count).toBe(1_000);
  await clock.advance(2_000);
  members.announce();
  expect(members.count).toBe(1);
});
