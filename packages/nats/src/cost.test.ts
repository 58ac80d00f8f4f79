import type { Msg } from "@nats-io/transport-node";
import { ownHeaders } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import { headerBlock, read } from "./wire/message.ts";

const MB = 1_000_000;
/** What one message may cost beyond its own size. */
const MOST_BYTES = 10 * MB;
const MOST_CPU_MS = 200;
/** A reply is no message of a stream, so its headers may fill what the server takes at all. */
const LARGEST = 1_048_576;
const WHERE = { destination: { kind: "queue", name: "shop" }, lane: undefined, now: 0 } as const;

function lines(line: (at: number) => string): Buffer {
  const all = ["NATS/1.0"];
  for (let size = 0, at = 0; size < LARGEST; at++) {
    const text = line(at);
    all.push(text);
    size += text.length + 2;
  }
  return Buffer.from([...all, "", ""].join("\r\n"));
}

const WORST: readonly (readonly [string, Buffer])[] = [
  ["as many different headers as fit", lines((at) => `${at.toString(36)}:`)],
  ["one header as often as fits", lines(() => "a:")],
  ["one header with long values", lines(() => `a:${"x".repeat(1_000)}`)],
  ["a value that is marked as ours", lines(() => `a:=?waybill?${"%41".repeat(20_000)}`)],
  ["a value that is marked as ours and is broken", lines(() => `a:=?waybill?${"%".repeat(60_000)}`)],
  ["names of nothing but marks", lines((at) => `${"%".repeat(at % 200)}waybill-failure-code:1`)],
  ["lines without a colon", lines(() => "")],
  ["numbers of great length", lines(() => `waybill-due:${"9".repeat(60_000)}`)],
];

function delivered(head: Uint8Array): Msg {
  const [subject, reply] = ["s", "r"];
  return {
    subject,
    reply,
    data: Buffer.from(head.buffer, head.byteOffset + head.length, 0),
    size: () => subject.length + reply.length + head.length,
  } as unknown as Msg;
}

it.each(WORST)("one message costs little beyond its own size, read and written once more: %s", (_, head) => {
  let [bytes, cpuMs] = [Infinity, Infinity];
  // The least of a few: what else the process does is not the message's.
  for (let run = 0; run < 5; run++) {
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    const { message } = read(delivered(head), WHERE);
    const written = headerBlock({ ...message, headers: ownHeaders.moveFailureHeadersAside(message.headers) });
    const { user, system } = process.cpuUsage(cpu);
    const after = process.memoryUsage();
    expect(written.length).toBeGreaterThan(0);
    bytes = Math.min(bytes, after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
    cpuMs = Math.min(cpuMs, (user + system) / 1_000);
  }
  expect(bytes).toBeLessThan(head.length + MOST_BYTES);
  expect(cpuMs).toBeLessThan(MOST_CPU_MS);
});
