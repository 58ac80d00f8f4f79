import { describe, expect, it } from "vitest";
import { WriteCoalescer } from "./write-coalescer.ts";

const frame = (subject: string): { subject: string; body: Uint8Array } => ({
  subject,
  body: new Uint8Array(0),
});

/** A connection that notes what it is told; its answers and its end come when the test says so. */
function stage() {
  const told: string[] = [];
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
        told.push("closed?");
        return lost;
      },
      flush: () => {
        told.push("PING");
        return new Promise((resolve) => answers.push(resolve));
      },
    },
    (bytes) =>
      void told.push(
        Buffer.from(bytes)
          .toString()
          .replaceAll(/PUB (\w+) 0\s+/g, "$1 ")
          .trim(),
      ),
  );
  // Asked once: each further wait for its end would stay with a connection as long as it lives.
  expect(told.splice(0)).toEqual(["closed?"]);
  return { writes, told, answers, lose };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the outbox of a connection", () => {
  it("writes what is published in one turn in one piece, however many microtasks it takes", async () => {
    const { writes, told } = stage();
    writes.publish(frame("a"));
    for (let task = 0; task < 10; task++) await Promise.resolve();
    writes.publish(frame("b"));
    expect(told).toEqual([]);
    await turn();
    writes.publish(frame("c"));
    await turn();
    expect(told).toEqual(["a b", "c"]);
  });

  it("writes at once what is much, and what is told to", () => {
    const { writes, told } = stage();
    for (let at = 0; at < 300; at++) writes.publish(frame("a"));
    expect(told[0]?.split(" ")).toHaveLength(256);
    writes.drain();
    writes.drain();
    expect(told[1]?.split(" ")).toHaveLength(44);
    expect(told).toHaveLength(2);
  });

  it("asks once, after all that left in the turn, and tells everybody who wants to know", async () => {
    const { writes, told, answers } = stage();
    const heard: string[] = [];
    const first = writes.flushed(() => heard.push(`asked after ${told.join()}`));
    writes.publish(frame("a"));
    const second = writes.flushed();
    await turn();
    expect(told).toEqual(["a", "PING"]);
    expect(heard).toEqual(["asked after a"]);
    answers[0]?.();
    await Promise.all([first, second]);
  });

  it("leaves nobody waiting for a connection that is gone, and writes nothing to it", async () => {
    const { writes, told, lose } = stage();
    const asked = writes.flushed();
    await turn();
    const late = writes.flushed();
    lose();
    await Promise.all([asked, late, writes.flushed()]);
    writes.publish(frame("a"));
    await turn();
    expect(told).toEqual(["PING"]);
  });
});
