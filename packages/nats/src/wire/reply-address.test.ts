import { seededRandom } from "@waybill/core/transport-kit/testing";
import { describe, expect, it } from "vitest";
import { isKnownAddress, newReplyAddress } from "./reply-address.ts";
import { settingsOf } from "../options.ts";

const ZEROS = "0".repeat(32);

describe("a reply address", () => {
  it("is accepted with an allowed prefix only", () => {
    const prefixes = settingsOf(
      "nats://h?inbox_prefix=_INBOX_shop&reply_prefixes=_INBOX_a,b.c",
    ).replyPrefixes;
    expect(prefixes).toEqual(["_INBOX", "_INBOX_shop", "_INBOX_a", "b.c"]);
    for (const prefix of prefixes)
      expect(isKnownAddress(newReplyAddress(prefix, seededRandom(1)), prefixes)).toBe(true);
    for (const prefix of ["orders.approved", "_INBOX.x", "_INBOX_shop.b", "c"])
      expect(isKnownAddress(`${prefix}.waybill.reply.${ZEROS}`, prefixes)).toBe(false);
  });

  it("is refused if it is longer than 255 characters", () => {
    const long = "a".repeat(250);
    expect(isKnownAddress(`${long}.waybill.reply.${ZEROS}`, [long])).toBe(false);
    expect(isKnownAddress(`_INBOX.waybill.reply.${ZEROS}0`, ["_INBOX"])).toBe(false);
  });

  it("can be minted with every prefix that the options allow", () => {
    expect(() => settingsOf(`nats://h?inbox_prefix=${"a".repeat(201)}`)).toThrow(/at most 200 characters/);
    const prefix = "a".repeat(200);
    expect(isKnownAddress(newReplyAddress(prefix, seededRandom(1)), [prefix])).toBe(true);
    expect(() => settingsOf("nats://h", { replyPrefixes: [7] })).toThrow(/reply_prefixes/);
    expect(() => settingsOf("nats://h?reply_prefixes=a,>")).toThrow(/reply_prefixes/);
  });
});
