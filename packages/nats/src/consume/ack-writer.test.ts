import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { AckWriter } from "./ack-writer.ts";
import type { ServerLink } from "../connection/connection.ts";

/** A link whose server reads what was said when it is told to. */
function linkTo(said: string[]) {
  const questions: (() => void)[] = [];
  const link = {
    nc: { isClosed: () => false },
    writes: {
      publish: ({ subject, body }: { subject: string; body: Uint8Array }) =>
        void said.push(`${subject} ${new TextDecoder().decode(body)}`),
      flushed: () => new Promise<void>((read) => questions.push(read)),
    },
  } as unknown as ServerLink;
  const read = async (): Promise<void> => {
    for (const answer of questions.splice(0)) answer();
    await Promise.resolve();
  };
  return { link, read };
}

it("says again on the next link what the server may not have read, and no return that it has: somebody else may have that", async () => {
  const said: string[] = [];
  const answers = new AckWriter(new VirtualClock(), 10_000);
  const first = linkTo(said);
  answers.open(first.link);
  answers.nak("a", 150);
  answers.nak("b", 0);
  await first.read();
  await first.read();
  answers.nak("c", 0);
  answers.ack("d");
  answers.lose();
  said.length = 0;

  const second = linkTo(said);
  answers.open(second.link);
  expect(said).toEqual(["d +ACK", "c -NAK"]);
  await second.read();
  answers.lose();
  said.length = 0;
  answers.open(linkTo(said).link);
  expect(said).toEqual([]);
});

it("forgets a return that has waited for a link longer than a lease", async () => {
  const said: string[] = [];
  const clock = new VirtualClock();
  const answers = new AckWriter(clock, 1_000);
  answers.giveBackLater("late");
  await clock.advance(600);
  answers.giveBackLater("in time");
  await clock.advance(600);
  answers.open(linkTo(said).link);
  expect(said).toEqual(["in time -NAK"]);
});

it("asks for no delay that the server cannot read", () => {
  const said: string[] = [];
  const answers = new AckWriter(new VirtualClock(), 1_000);
  answers.open(linkTo(said).link);
  answers.nak("a", Number.MAX_SAFE_INTEGER);
  const nanoseconds = BigInt(/"delay": (\d+)/.exec(said[0] ?? "")?.[1] ?? 0);
  expect(nanoseconds).toBeGreaterThan(0n);
  expect(nanoseconds).toBeLessThan(2n ** 63n);
});
