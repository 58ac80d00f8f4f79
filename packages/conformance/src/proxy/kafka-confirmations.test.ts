import { describe, expect, it } from "vitest";
import { kafkaConfirmations } from "./kafka-confirmations.ts";

const PRODUCE = 0;
const FETCH = 1;

describe("kafkaConfirmations", () => {
  it("recognises the response to a Produce request by its correlation id", () => {
    const rule = kafkaConfirmations();
    rule.observeSent(request(PRODUCE, 7));
    expect([rule.confirms(answer(7, 0)), rule.confirms(answer(8, 0))]).toEqual([true, false]);
  });

  it("does not treat an error as a confirmation: nothing is stored, and the client repeats the request", () => {
    const notLeader = 6;
    const rule = kafkaConfirmations();
    rule.observeSent(request(PRODUCE, 1));
    expect(rule.confirms(answer(1, notLeader))).toBe(false);
    rule.observeSent(request(PRODUCE, 2));
    expect(rule.confirms(answer(2, 0))).toBe(true);
  });

  it("finds it among other requests and responses in one chunk", () => {
    const rule = kafkaConfirmations();
    rule.observeSent(Buffer.concat([request(FETCH, 1), request(PRODUCE, 2)]));
    expect(rule.confirms(Buffer.concat([framed(number(1)), answer(2, 0)]))).toBe(true);
  });

  it("ignores a response of another form: another connection uses the same correlation ids", () => {
    const rule = kafkaConfirmations();
    rule.observeSent(request(PRODUCE, 1));
    expect(rule.confirms(framed(number(1), number(0), number(0), number(0)))).toBe(false);
    expect(rule.confirms(Buffer.from([0, 0, 0, 99, 0, 0, 0, 1, 0]))).toBe(false);
  });
});

function request(api: number, id: number): Buffer {
  return framed(short(api), short(7), number(id), Buffer.alloc(20));
}

/** Returns a Produce response of version 7 for one topic and one partition. */
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
