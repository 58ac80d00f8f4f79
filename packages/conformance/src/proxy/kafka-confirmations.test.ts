import { describe, expect, it } from "vitest";
import { kafkaConfirmations } from "./kafka-confirmations.ts";

const PRODUCE = 0;
const FETCH = 1;

describe("kafkaConfirmations", () => {
  it("knows the answer to a Produce by its number", () => {
    const rule = kafkaConfirmations();
    rule.asked(request(PRODUCE, 7));
    expect([rule.confirms(answer(7, 0)), rule.confirms(answer(8, 0))]).toEqual([true, false]);
  });

  it("takes an error for no confirmation: nothing is stored, and the client asks again", () => {
    const notLeader = 6;
    const rule = kafkaConfirmations();
    rule.asked(request(PRODUCE, 1));
    expect(rule.confirms(answer(1, notLeader))).toBe(false);
    rule.asked(request(PRODUCE, 2));
    expect(rule.confirms(answer(2, 0))).toBe(true);
  });

  it("finds it among other requests and answers that came in one go", () => {
    const rule = kafkaConfirmations();
    rule.asked(Buffer.concat([request(FETCH, 1), request(PRODUCE, 2)]));
    expect(rule.confirms(Buffer.concat([framed(number(1)), answer(2, 0)]))).toBe(true);
  });

  it("takes no answer of another shape for it: another connection gives the same numbers", () => {
    const rule = kafkaConfirmations();
    rule.asked(request(PRODUCE, 1));
    expect(rule.confirms(framed(number(1), number(0), number(0), number(0)))).toBe(false);
    expect(rule.confirms(Buffer.from([0, 0, 0, 99, 0, 0, 0, 1, 0]))).toBe(false);
  });
});

function request(api: number, id: number): Buffer {
  return framed(short(api), short(7), number(id), Buffer.alloc(20));
}

/** As of version 7: one topic, one partition. */
function answer(id: number, error: number): Buffer {
  const name = Buffer.from("shop.orders");
  const behind = Buffer.alloc(8 + 8 + 8 + 4);
  return framed(number(id), number(1), short(name.length), name, number(1), number(3), short(error), behind);
}

function framed(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([number(body.length), body]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
