import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Acknowledgements } from "./acknowledgements.ts";

/** The broker's view of a channel: the delivered tags, and those that are unsettled. */
class Broker {
  readonly unsettled: Set<number>;
  frames = 0;

  constructor(delivered: number) {
    this.unsettled = new Set(Array.from({ length: delivered }, (_, at) => at + 1));
  }

  ack(tag: number, upTo: boolean): void {
    this.frames += 1;
    if (!this.unsettled.has(tag)) throw new Error(`406: unknown delivery tag ${tag}`);
    for (const each of [...this.unsettled])
      if (each === tag || (upTo && each < tag)) this.unsettled.delete(each);
  }

  reject(tag: number): void {
    if (!this.unsettled.delete(tag)) throw new Error(`406: unknown delivery tag ${tag}`);
  }
}

const STEPS = fc.array(
  fc.record({ pick: fc.nat(), what: fc.constantFrom("ack", "ack", "ack", "reject", "flush") }),
  { maxLength: 80 },
);

describe("acknowledgements", () => {
  it("acknowledge exactly the settled deliveries, in any order, and name no tag twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), STEPS, (delivered, steps) => {
        const broker = new Broker(delivered);
        const acks = new Acknowledgements(broker);
        const unsettled = [...broker.unsettled];
        for (const { pick, what } of steps) {
          if (what === "flush") acks.flush();
          else if (unsettled.length > 0) {
            const [tag = 0] = unsettled.splice(pick % unsettled.length, 1);
            if (what === "ack") acks.ack(tag);
            else {
              broker.reject(tag);
              acks.markSettled(tag);
            }
          }
        }
        acks.flush();
        expect([...broker.unsettled]).toEqual(unsettled);
        acks.end();
      }),
    );
  });

  it("use one frame for all deliveries that were settled in order", () => {
    const broker = new Broker(100);
    const acks = new Acknowledgements(broker);
    for (let tag = 1; tag <= 60; tag++) acks.ack(tag);
    acks.flush();
    expect(broker.frames).toBe(1);
    expect(broker.unsettled.size).toBe(40);
  });

  it("send nothing after their channel closed", () => {
    const broker = new Broker(3);
    const acks = new Acknowledgements(broker);
    acks.ack(1);
    acks.end();
    acks.flush();
    expect(broker.frames).toBe(0);
  });

  it("are sent at the end of the event-loop turn", async () => {
    const broker = new Broker(3);
    const acks = new Acknowledgements(broker);
    acks.ack(1);
    acks.ack(3);
    await new Promise((resolve) => setImmediate(resolve));
    expect([...broker.unsettled]).toEqual([2]);
    expect(broker.frames).toBe(2);
  });
});
