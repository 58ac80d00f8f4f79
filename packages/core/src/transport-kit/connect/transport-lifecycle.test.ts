import { describe, expect, it } from "vitest";
import type { ReplyInbox, Subscription } from "../../spi/transport.ts";
import { TransportLifecycle } from "./transport-lifecycle.ts";

/** A member, or an inbox, that notes what becomes of it. */
class Note implements Subscription, ReplyInbox {
  readonly seen: string[] = [];
  readonly address = "here";
  credit(window: number): void {
    this.seen.push(`credit ${window}`);
  }
  drain(deadline: number): Promise<void> {
    this.seen.push(`drain ${deadline}`);
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.seen.push("close");
    return Promise.resolve();
  }
}

const life = (): TransportLifecycle<Note, Note> => new TransportLifecycle("Pigeons");

describe("the lifetime of a transport", () => {
  it("has members until they are drained, and inboxes until they are closed", async () => {
    const one = life();
    const [member, inbox] = [new Note(), new Note()];
    const [subscription, place] = [one.enrol(member), one.admit(inbox)];
    subscription.credit(3);
    expect([...one.members, ...one.inboxes]).toEqual([member, inbox]);
    expect(place.address).toBe("here");
    await subscription.drain(7);
    await place.close();
    expect([...one.members, ...one.inboxes]).toEqual([]);
    expect([member.seen, inbox.seen]).toEqual([["credit 3", "drain 7"], ["close"]]);
  });

  it("closes once: members first, the connection after them, and nothing becomes of it any more", async () => {
    const one = life();
    const member = new Note();
    const states: string[] = [];
    one.onState(({ status }) => states.push(status));
    one.enrol(member);
    one.become("ready", undefined);
    const ended: number[] = [];
    const end = (): void => void ended.push(member.seen.length);
    await one.close(5, end);
    await one.close(6, end);
    one.become("disconnected", "late");
    expect(ended).toEqual([1]);
    expect(member.seen).toEqual(["drain 5"]);
    expect(states).toEqual(["connecting", "ready", "closed"]);
  });

  it("lets no bare error out: a client's becomes the cause of one with a code", async () => {
    const bare = new Error("CHANNEL_ERROR");
    const failed = life().whileConnected(1, () => Promise.reject(bare));
    await expect(failed).rejects.toMatchObject({ code: "disconnected", cause: bare });
    await expect(failed).rejects.toThrow("Pigeons did not answer as expected: CHANNEL_ERROR.");
  });

  it("refuses work without a connection and, once closed, all of it, each by its code", async () => {
    const one = life();
    const work = (link: number): Promise<number> => Promise.resolve(link);
    await expect(one.whileConnected(1, work)).resolves.toBe(1);
    await expect(one.whileConnected(undefined, work)).rejects.toMatchObject({ code: "disconnected" });
    await one.close(0, () => undefined);
    await expect(one.whileConnected(1, work)).rejects.toMatchObject({ code: "closed" });
    expect(() => one.begin(undefined)).toThrow("The Pigeons transport is closed");
    expect(() => one.enrol(new Note())).toThrow("closed");
    expect(() => one.admit(new Note())).toThrow("closed");
    expect(one.refused([1, 2])).toMatchObject([
      { ok: false, error: { code: "closed", maybeStored: false } },
      { ok: false, error: { code: "closed" } },
    ]);
  });

  it("tells a thing once, until the connection has come back", () => {
    const one = life();
    const told: string[] = [];
    one.begin((notice) => told.push(notice));
    one.tell("no answer");
    one.tell("no answer");
    one.tell("another");
    one.become("ready", undefined);
    one.tell("no answer");
    expect(told).toEqual(["no answer", "another", "no answer"]);
  });
});
