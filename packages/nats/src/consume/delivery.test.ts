import { describe, expect, it } from "vitest";
import { streamPositionOf, ackMetadataOf } from "./delivery.ts";

describe("the acknowledgement subject of a delivery", () => {
  it("is parsed with nine tokens", () => {
    expect(ackMetadataOf("$JS.ACK.queue-shop.owner.3.4711.12.1700000000000000000.5")).toEqual({
      deliveries: 3,
      sequence: 4_711,
    });
  });

  it("is parsed with a domain and an account, with or without a random token at its end", () => {
    const subject = "$JS.ACK.hub.ACCOUNT.queue-shop.owner.3.4711.12.1700000000000000000.5";
    for (const end of ["", ".random"])
      expect(ackMetadataOf(subject + end)).toEqual({ deliveries: 3, sequence: 4_711 });
  });

  it("identifies the message also after its stream was deleted and created again: by sequence and storage time", () => {
    for (const subject of [
      "$JS.ACK.queue-shop.owner.3.4711.12.17.5",
      "$JS.ACK.hub.ACCOUNT.queue-shop.owner.3.4711.12.17.5.x",
    ])
      expect(streamPositionOf(subject)).toBe("4711:17");
  });
});
