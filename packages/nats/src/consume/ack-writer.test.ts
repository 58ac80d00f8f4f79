import { VirtualClock } from "@waybill/core/transport-kit/testing";
import { expect, it } from "vitest";
import { AckWriter } from "./ack-writer.ts";
import type { ServerLink } from "../connection/connection.ts";

/** A link whose server reads the written messages when the test calls `read`. */
function linkTo(written: string[]) {
  const flushes: (() => void)[] = [];
  const link = {
    nc: { isClosed: () => false },
    writes: {
      publish: ({ subject, body }: { subject: string; body: Uint8Array }) =>
        void written.push(`${subject} ${new TextDecoder().decode(body)}`),
      flushed: () => new Promise<void>((read) => flushes.push(read)),
    },
  } as unknown as ServerLink;
  const read = async (): Promise<void> => {
    for (const answer of flushes.splice(0)) answer();
    await Promise.resolve();
  };
  return { link, read };
}

it("repeats on the next link the acknowledgements that the server may not have read, and no nak that it has read", async () => {
  const written: string[] = [];
  const acks = new AckWriter(new VirtualClock(), 10_000);
  const first = linkTo(written);
  acks.open(first.link);
  acks.nak("a", 150);
  acks.nak("b", 0);
  await first.read();
  await first.read();
  acks.nak("c", 0);
  acks.ack("d");
  acks.lose();
  written.length = 0;

  const second = linkTo(written);
  acks.open(second.link);
  expect(written).toEqual(["d +ACK", "c -NAK"]);
  await second.read();
  acks.lose();
  written.length = 0;
  acks.open(linkTo(written).link);
  expect(written).toEqual([]);
});

it("drops a nak that has waited for a link longer than a lease", async () => {
  const written: string[] = [];
  const clock = new VirtualClock();
  const acks = new AckWriter(clock, 1_000);
  acks.nakOnNextLink("late");
  await clock.advance(600);
  acks.nakOnNextLink("in time");
  await clock.advance(600);
  acks.open(linkTo(written).link);
  expect(written).toEqual(["in time -NAK"]);
});

it("limits a delay to the longest that the server can read", () => {
  const written: string[] = [];
  const acks = new AckWriter(new VirtualClock(), 1_000);
  acks.open(linkTo(written).link);
  acks.nak("a", Number.MAX_SAFE_INTEGER);
  const nanoseconds = BigInt(/"delay": (\d+)/.exec(written[0] ?? "")?.[1] ?? 0);
  expect(nanoseconds).toBeGreaterThan(0n);
  expect(nanoseconds).toBeLessThan(2n ** 63n);
});
