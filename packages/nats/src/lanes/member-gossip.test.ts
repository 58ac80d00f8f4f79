import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import type { ServerLink } from "../connection/connection.ts";
import { MemberGossip } from "./member-gossip.ts";

/** A member, and what the subject of the members says to it and hears of it. */
function member() {
  const clock = new VirtualClock();
  const said: string[] = [];
  let hear: (text: string) => void = () => undefined;
  const link = {
    nc: {
      isClosed: () => false,
      publish: (_: string, text: string) => void said.push(text),
      subscribe: (_: string, { callback }: { callback: (error: null, msg: object) => void }) => {
        hear = (text) => callback(null, { string: () => text });
      },
    },
  } as unknown as ServerLink;
  const members = new MemberGossip({
    subject: "s",
    id: "me",
    clock,
    patienceMs: 1_000,
    onChange: () => undefined,
  });
  members.open(link);
  return { members, clock, said, hear: (text: string) => hear(text) };
}

it("counts a bounded number of members, whoever announces them, and answers those that join together once", async () => {
  const { members, clock, said, hear } = member();
  for (let at = 0; at < 100_000; at++) hear(`ghost-${at}`);
  hear("a name\nwith a line break");
  hear("x".repeat(10_000));
  expect(members.count).toBe(1_001);
  await clock.advance(100);
  expect(said).toEqual(["me", "me"]);
  hear("-ghost-1");
  expect(members.count).toBe(1_000);
  await clock.advance(2_000);
  members.tell();
  expect(members.count).toBe(1);
});
