import { describe, expect, it } from "vitest";
import { bytesOf } from "./frames.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("frames", () => {
  it("follow the client protocol: sizes in bytes, headers first, a reply subject if present", () => {
    const frames = [
      { subject: "$JS.ACK.1", body: bytes("+ACK") },
      { subject: "a", reply: "inbox.1", body: bytes("") },
      { subject: "b", reply: undefined, headers: bytes("NATS/1.0\r\nk: ä\r\n\r\n"), body: bytes("€") },
      { subject: "c", reply: "inbox.2", headers: bytes("NATS/1.0\r\n\r\n"), body: bytes("two\r\nlines") },
    ];
    expect(new TextDecoder().decode(bytesOf(frames))).toBe(
      "PUB $JS.ACK.1 4\r\n+ACK\r\n" +
        "PUB a inbox.1 0\r\n\r\n" +
        "HPUB b 19 22\r\nNATS/1.0\r\nk: ä\r\n\r\n€\r\n" +
        "HPUB c inbox.2 12 22\r\nNATS/1.0\r\n\r\ntwo\r\nlines\r\n",
    );
  });

  it("fit in their buffer with any subject and the largest sizes", () => {
    const subject = "€".repeat(300);
    const body = new Uint8Array(12_345_678);
    const whole = bytesOf([{ subject, reply: subject, headers: bytes("h"), body }]);
    const line = `HPUB ${subject} ${subject} 1 12345679\r\nh`;
    expect(whole.length).toBe(Buffer.byteLength(line) + body.length + 2);
    expect(Buffer.from(whole).subarray(0, Buffer.byteLength(line)).toString()).toBe(line);
  });
});
