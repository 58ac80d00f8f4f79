import { describe, expect, it } from "vitest";
import { WriteCoalescer } from "./write-coalescer.ts";

const frame = (subject: string): { subject: string; body: Uint8Array } => ({
  subject,
  body: new Uint8Array(0),
});

/** A connection that records its calls. The test decides when it answers a flush and when it is lost. */
function setUp() {
  const calls: string[] = [];
  const answers: (() => void)[] = [];
  let isClosed = false;
  let lose = (): void => undefined;
  const lost = new Promise<void>((resolve) => {
    lose = () => {
      isClosed = true;
      resolve();
    };
  });
  const writes = new WriteCoalescer(
    {
      isClosed: () => isClosed,
      closed: () => {
        calls.push("closed?");
        return lost;
      },
      flush: () => {
        calls.push("PING");
        return new Promise((resolve) => answers.push(resolve));
      },
    },
    (bytes) =>
      void calls.push(
        Buffer.from(bytes)
          .toString()
          .replaceAll(/PUB (\w+) 0\s+/g, "$1 ")
          .trim(),
      ),
  );
  // The coalescer calls `closed` once, because the connection keeps each promise of it for its whole life.
  expect(calls.splice(0)).toEqual(["closed?"]);
  return { writes, calls, answers, lose };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the write coalescer", () => {
  it("writes all messages of one turn together, however many microtasks the turn has", async () => {
    const { writes, calls } = setUp();
    writes.publish(frame("a"));
    for (let task = 0; task < 10; task++) await Promise.resolve();
    writes.publish(frame("b"));
    expect(calls).toEqual([]);
    await turn();
    writes.publish(frame("c"));
    await turn();
    expect(calls).toEqual(["a b", "c"]);
  });

  it("writes at once when 256 messages wait, and when it is drained", () => {
    const { writes, calls } = setUp();
    for (let at = 0; at < 300; at++) writes.publish(frame("a"));
    expect(calls[0]?.split(" ")).toHaveLength(256);
    writes.drain();
    writes.drain();
    expect(calls[1]?.split(" ")).toHaveLength(44);
    expect(calls).toHaveLength(2);
  });

  it("sends one flush request for all callers, after all messages of the turn", async () => {
    const { writes, calls, answers } = setUp();
    const sent: string[] = [];
    const first = writes.flushed(() => sent.push(`after ${calls.join()}`));
    writes.publish(frame("a"));
    const second = writes.flushed();
    await turn();
    expect(calls).toEqual(["a", "PING"]);
    expect(sent).toEqual(["after a"]);
    answers[0]?.();
    await Promise.all([first, second]);
  });

  it("resolves all waiting callers when the connection is lost, and drops later messages", async () => {
    const { writes, calls, lose } = setUp();
    const waiting = writes.flushed();
    await turn();
    const late = writes.flushed();
    lose();
    await Promise.all([waiting, late, writes.flushed()]);
    writes.publish(frame("a"));
    await turn();
    expect(calls).toEqual(["PING"]);
  });
});
