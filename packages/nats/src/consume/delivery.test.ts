import { describe, expect, it } from "vitest";
import { placeOf, ackMetadataOf } from "./delivery.ts";

describe("where a delivery stands", () => {
  it("is told by an acknowledgement subject of nine tokens", () => {
    expect(ackMetadataOf("$JS.ACK.queue-shop.owner.3.4711.12.1700000000000000000.5")).toEqual({
      deliveries: 3,
      sequence: 4_711,
    });
  });

  it("is told by one with a domain and an account, with or without a token of chance at its end", () => {
    const subject = "$JS.ACK.hub.ACCOUNT.queue-shop.owner.3.4711.12.1700000000000000000.5";
    for (const end of ["", ".random"])
      expect(ackMetadataOf(subject + end)).toEqual({ deliveries: 3, sequence: 4_711 });
  });

  it("has a place that a stream made anew does not give again: the sequence, and the time of storing", () => {
    for (const subject of [
      "$JS.ACK.queue-shop.owner.3.4711.12.17.5",
      "$JS.ACK.hub.ACCOUNT.queue-shop.owner.3.4711.12.17.5.x",
    ])
      expect(placeOf(subject)).toBe("4711:17");
  });
});
