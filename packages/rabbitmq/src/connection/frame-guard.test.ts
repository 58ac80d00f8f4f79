import type { ChannelModel } from "amqplib";
import { describe, expect, it } from "vitest";
import { guardFrames } from "./frame-guard.ts";

/** Returns a content header of channel 3 for a body of 5 bytes, with these properties. */
function contentHeader(properties: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x20, 0]), properties]);
  const start = Buffer.from([2, 0, 3, 0, 0, 0, 0]);
  start.writeUInt32BE(payload.length, 3);
  return Buffer.concat([start, payload, Buffer.from([0xce])]);
}

/** Reads frames as amqplib does: it reads from its socket when it has no bytes. It fails to read the fields of any frame. */
class Connection {
  rest = Buffer.alloc(0);
  readonly socket: Buffer[] = [];

  recvFrame(): unknown {
    if (this.rest.length === 0) {
      const incoming = this.socket.shift();
      if (incoming === undefined) return false;
      this.rest = Buffer.concat([this.rest, incoming]);
      return this.recvFrame();
    }
    this.rest = this.rest.subarray(7 + this.rest.readUInt32BE(3) + 1);
    throw new RangeError("Maximum call stack size exceeded");
  }
}

const guarded = (): Connection => {
  const connection = new Connection();
  guardFrames({ connection } as unknown as ChannelModel);
  return connection;
};

describe("the frame guard", () => {
  it("delivers a message whose properties cannot be read without them, and keeps their bytes as text", () => {
    const connection = guarded();
    const bytes = Buffer.from("unreadable");
    connection.socket.push(Buffer.concat([contentHeader(bytes), contentHeader(Buffer.alloc(90_000, 1))]));
    expect(connection.recvFrame()).toEqual({
      id: 60,
      channel: 3,
      size: 5,
      fields: { headers: { "unreadable-properties": `base64:${bytes.toString("base64")}` } },
    });
    const large = connection.recvFrame() as { fields: { headers: Record<string, string> } };
    expect(large.fields.headers["unreadable-properties"]?.length).toBeLessThan(55_000);
    expect(connection.recvFrame()).toBe(false);
  });

  it("lets any other unreadable frame end the connection", () => {
    const connection = guarded();
    const method = contentHeader(Buffer.alloc(1));
    method[0] = 1;
    connection.socket.push(method);
    expect(() => connection.recvFrame()).toThrow(RangeError);
  });

  it("leaves a client with another internal structure alone", () => {
    const connection = { recvFrame: 1 };
    guardFrames({ connection } as unknown as ChannelModel);
    expect(connection.recvFrame).toBe(1);
  });
});
