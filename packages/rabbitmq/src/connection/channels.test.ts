import { EventEmitter } from "node:events";
import type { Channel, ChannelModel } from "amqplib";
import { describe, expect, it } from "vitest";
import { markLost, openChannel } from "./channels.ts";

function modelWith(channel: EventEmitter): ChannelModel {
  return { createChannel: async () => channel as unknown as Channel } as unknown as ChannelModel;
}

describe("openChannel", () => {
  it("reports that the channel closed", async () => {
    const channel = new EventEmitter();
    let ends = 0;
    await openChannel(modelWith(channel), () => (ends += 1));
    channel.emit("close");
    expect(ends).toBe(1);
  });

  it("rejects if the connection was lost before the caller could listen", async () => {
    const model = modelWith(new EventEmitter());
    markLost(model);
    await expect(openChannel(model, () => undefined)).rejects.toMatchObject({ code: "disconnected" });
  });

  it("handles error events, so that they do not end the process", async () => {
    const channel = new EventEmitter();
    await openChannel(modelWith(channel), () => undefined);
    expect(() => channel.emit("error", new Error("refused"))).not.toThrow();
    expect(() => channel.emit("handler-error", new Error("thrown"))).not.toThrow();
  });
});
