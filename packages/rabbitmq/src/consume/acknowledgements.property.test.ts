import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Acknowledgements } from "./acknowledgements.ts";

/** A channel as the broker sees it: tags delivered, and which of them are still open. */
class Broker {
  readonly open: Set<number>;
  frames = 0;

  constructor(delivered: number) {
    this.open = new Set(Array.from({ length: delivered }, (_, at) => at + 1));
  }

  ack(tag: number, upTo: boolean): void {
    this.frames += 1;
    if (!this.open.has(tag)) throw new Error(`406: unknown delivery tag ${tag}`);
    for (const each of [...this.open]) if (each === tag || (upTo && each < tag)) this.open.delete(each);
  }

  reject(tag: number): void {
    if (!this.open.delete(tag)) throw new Error(`406: unknown delivery tag ${tag}`);
  }
}

const STEPS = fc.array(
  fc.record({ pick: fc.nat(), what: fc.constantFrom("ack", "ack", "ack", "reject", "flush") }),
  { maxLength: 80 },
);

describe("acknowledgements", () => {
  it("tell the broker exactly what was settled, in whatever order, and never name a tag twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), STEPS, (delivered, steps) => {
        const broker = new Broker(delivered);
        const acks = new Acknowledgements(broker);
        const unsettled = [...broker.open];
        for (const { pick, what } of steps) {
          if (what === "flush") acks.flush();
          else if (unsettled.length > 0) {
            const [tag = 0] = unsettled.splice(pick % unsettled.length, 1);
            if (what === "ack") acks.ack(tag);
            else {
              broker.reject(tag);
              acks.told(tag);
            }
          }
        }
        acks.flush();
        expect([...broker.open]).toEqual(unsettled);
        acks.end();
      }),
    );
  });

  it("say what was settled in order with one frame", () => {
    const broker = new Broker(100);
    const acks = new Acknowledgements(broker);
    for (let tag = 1; tag <= 60; tag++) acks.ack(tag);
    acks.flush();
    expect(broker.frames).toBe(1);
    expect(broker.open.size).toBe(40);
  });

  it("say nothing once their channel is gone", () => {
    const broker = new Broker(3);
    const acks = new Acknowledgements(broker);
    acks.ack(1);
    acks.end();
    acks.flush();
    expect(broker.frames).toBe(0);
  });

  it("go out by themselves at the end of the turn", async () => {
    const broker = new Broker(3);
    const acks = new Acknowledgements(broker);
    acks.ack(1);
    acks.ack(3);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...broker.open]).toEqual([2]);
    expect(broker.frames).toBe(2);
  });
});
