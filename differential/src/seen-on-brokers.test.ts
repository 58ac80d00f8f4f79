import type { ProfileName } from "@waybill/testing/model";
import { describe, expect, it } from "vitest";
import type { Answer, Command, Target } from "./commands.ts";
import { compare } from "./compare.ts";

/** What a real broker did, and the tool once did not find on the profile that stands for it. */
interface Seen {
  readonly because: string;
  readonly profile: ProfileName;
  readonly commands: readonly Command[];
  readonly lines: Readonly<Record<string, string>>;
}

const publish = (target: Target, key = 0): Command & { what: "publish" } => ({
  what: "publish",
  target,
  key,
  isDelayed: false,
  losesConfirm: false,
});
const delayed = (command: Command & { what: "publish" }): Command => ({ ...command, isDelayed: true });
const unconfirmed = (command: Command & { what: "publish" }): Command => ({ ...command, losesConfirm: true });
const answer = (message: number, how: Answer): Command => ({ what: "answer", message, answer: how });
const join: Command = { what: "join" };
const wait: Command = { what: "wait" };
const meets = (what: "crash" | "cut" | "stop", member: number): Command => ({ what, member });

const SEEN: readonly Seen[] = [
  {
    because:
      "two copies of a resend are handled in turns: a row of coincidences that plain chance does not find",
    profile: "rabbitmq",
    commands: [
      join,
      publish("topic"),
      meets("cut", 1),
      unconfirmed(publish("topic")),
      answer(2, "retry later"),
      answer(2, "retry"),
      answer(1, "retry"),
      answer(1, "retry later"),
      wait,
      publish("queue"),
      answer(2, "release"),
      meets("crash", 1),
      join,
      meets("stop", 0),
    ],
    lines: { "message 1 in topic of second": "1:retry 1:retry later 2:retry later 2:- 3:- 3:ack 4:ack" },
  },
  {
    because: "what a dead member holds comes back when its lease is over, long after what others do",
    profile: "nats",
    commands: [
      join,
      delayed(publish("topic")),
      publish("lanes"),
      publish("topic"),
      join,
      meets("crash", 0),
      answer(0, "release"),
      wait,
      answer(0, "release"),
      wait,
      answer(1, "retry later"),
      answer(0, "ack"),
      answer(1, "dead-letter"),
    ],
    lines: { "message 1 in lanes of first": "1:- 2:ack" },
  },
  {
    because: "a handler answers before its process hears that the connection is lost",
    profile: "nats",
    commands: [
      join,
      unconfirmed(publish("lanes")),
      publish("topic"),
      publish("queue"),
      join,
      meets("cut", 0),
      answer(1, "dead-letter"),
      publish("queue"),
      delayed(publish("lanes", 1)),
      answer(3, "dead-letter"),
      answer(1, "release"),
      answer(2, "retry"),
      answer(1, "ack"),
    ],
    lines: {
      "message 1 in topic of first": "1:dead-letter 2:release 3:ack",
      "message 1 in topic of second": "1:dead-letter 2:release 3:ack",
    },
  },
  {
    because: "a message is handed to a connection of which the broker does not know that it is lost",
    profile: "nats",
    commands: [
      join,
      publish("lanes"),
      delayed(publish("lanes", 1)),
      meets("crash", 1),
      publish("lanes", 1),
      publish("topic"),
      answer(1, "retry later"),
      meets("cut", 0),
      publish("topic"),
    ],
    lines: { "message 4 in topic of first": "2:ack", "message 4 in topic of second": "2:ack" },
  },
];

describe("what was seen on real brokers", () => {
  it.each(SEEN)("is allowed on $profile: $because", { timeout: 60_000 }, async (seen) => {
    const { profile, commands, lines } = seen;
    expect(await compare(commands, new Map(Object.entries(lines)), profile)).toEqual([]);
  });
});
