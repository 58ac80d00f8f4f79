import type { Msg } from "@nats-io/transport-node";
import { ownHeaders } from "@waybill/core/transport-kit";
import { expect, it } from "vitest";
import { headerBlock, readMessage } from "./wire/message.ts";

const MB = 1_000_000;
/** The most memory that one message may take beyond its own size. */
const MOST_BYTES = 10 * MB;
const MOST_CPU_MS = 200;
/** A reply is in no stream, so its headers may fill the largest message. */
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
  ["one header repeated as often as fits", lines(() => "a:")],
  ["one header with long values", lines(() => `a:${"x".repeat(1_000)}`)],
  ["an escaped value", lines(() => `a:=?waybill?${"%41".repeat(20_000)}`)],
  ["a value with invalid escapes", lines(() => `a:=?waybill?${"%".repeat(60_000)}`)],
  ["names of escape characters", lines((at) => `${"%".repeat(at % 200)}waybill-failure-code:1`)],
  ["lines without a colon", lines(() => "")],
  ["a very long number", lines(() => `waybill-due:${"9".repeat(60_000)}`)],
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

it.each(WORST)("decoding and forwarding one message takes little memory and CPU: %s", (_, head) => {
  let [bytes, cpuMs] = [Infinity, Infinity];
  // The least of five runs, because the process does other work too.
  for (let run = 0; run < 5; run++) {
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    const { message } = readMessage(delivered(head), WHERE);
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
